"""The rules, one a file, a folder a family. A rule's docstring is its help page and its test."""
