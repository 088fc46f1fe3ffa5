"""The demo case at the size of the paper, generated from a seed."""
