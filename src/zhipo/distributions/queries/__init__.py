"""Reads of this app, by page: what each reader may see of money and plans."""
