"""Who may do which act on a plan, and when."""
