"""Goldsmith's lint in any editor, by the Language Server Protocol. Knows the engine, and nothing of the desk."""
