"""Six institutions on loopback that behave like real ones: slow, wrong, silent."""
