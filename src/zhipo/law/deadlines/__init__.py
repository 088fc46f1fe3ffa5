"""Every clock of a case (D01 to D45) as one table."""
