"""Evidence in: platforms' exports sealed and read as one ledger, by tables and not by code."""
