"""The rows of a bundle's tables, as types: every field of the sending side has its place.

Field names are those of `enforcement.models`; a test holds the two equal, so that a field
added there without a home here is found at once.
"""
