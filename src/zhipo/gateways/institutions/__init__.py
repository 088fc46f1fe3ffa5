"""Inquiry and freeze at payment institutions, banks and platforms: protocol and client."""
