"""Filing of claims and what they amount to (债权申报)."""
