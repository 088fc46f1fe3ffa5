"""Formats shipped for `--as`: one mapping per source."""
