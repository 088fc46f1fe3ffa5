"""Personal data at rest and on the page: encrypted, found by a keyed hash, masked."""
