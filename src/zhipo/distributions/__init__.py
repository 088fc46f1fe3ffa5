"""From the register and the pools to a plan that a court approved: who gets how much."""
