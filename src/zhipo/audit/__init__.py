"""What was done, by whom, when: written by the act itself, append-only, hash-chained."""
