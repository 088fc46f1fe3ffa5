"""What everyone may see: the public page of a case and its effect."""
