"""Acts of the enforcement stage, by noun."""
