"""What is done to claims, by noun: every write in its own transaction, recorded."""
