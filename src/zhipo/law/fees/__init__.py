"""What the procedure itself costs: court fees, the administrator's pay, auctioneers."""
