"""What acceptance stops and starts (受理的效力)."""
