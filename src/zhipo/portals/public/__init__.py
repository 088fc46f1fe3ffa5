"""What anybody may see: cases, their stage, "is this message real?", ways to a person."""
