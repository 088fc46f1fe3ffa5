"""Acts on money in and on plans, by noun: every write of this app."""
