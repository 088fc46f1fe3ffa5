"""Columnar batch work on files: import, review, distribution, explanation."""
