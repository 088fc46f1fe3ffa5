"""Whether an act of the enforcement stage may be done."""
