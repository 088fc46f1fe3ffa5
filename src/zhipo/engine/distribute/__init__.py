"""Division of the money among claims (CONTRACTS, `zhipo distribute`)."""
