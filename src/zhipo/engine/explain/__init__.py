"""Why this amount: one claim from its events to its last fen."""
