"""Mappings of whole order books, shipped as formats and as examples."""
