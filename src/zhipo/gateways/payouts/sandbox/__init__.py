"""Stand-ins for the channels: the real protocols, books of their own, and bad manners."""
