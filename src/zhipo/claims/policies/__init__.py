"""Who may do what to a claim, and in which state of it."""
