"""Pages of avoidable acts, the same at the bureau and, from acceptance on, at the desk."""
