"""The sealed bundle: what one court hands to another, as one signed file (ADR 0023)."""
