"""Candidates of avoidable and void acts, from sealed histories and what is entered."""
