"""What may be seen of the enforcement stage, starting from the reader."""
