"""Evidence in: platforms' exports sealed and read as one ledger, by tables, not by code."""
