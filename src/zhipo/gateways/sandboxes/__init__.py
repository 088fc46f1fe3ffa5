"""What the sandboxes of institutions and of payout channels have in common."""
