"""Goldsmith: a desk for people who write the ideal answers."""
