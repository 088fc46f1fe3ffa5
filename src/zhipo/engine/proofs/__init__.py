"""Checkable sums: a Merkle sum tree over a distribution, and what must hold of it."""
