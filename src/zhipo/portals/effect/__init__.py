"""What paying has come to, as desk, court and public read it: one set of words."""
