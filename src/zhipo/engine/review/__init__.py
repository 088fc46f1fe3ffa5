"""Review of claims against the evidence ledger (CONTRACTS, `zhipo review`)."""
