"""zhipo (执破): insolvencies with thousands to millions of small creditors."""

__version__ = "0.1.0"
