"""Money moves here and nowhere else: one double-entry book per case (总账)."""
