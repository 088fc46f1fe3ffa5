"""The case: phases, powers, deadlines, notices, questions."""
