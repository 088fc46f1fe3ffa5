"""Pure ground: money, the rule register, traces, periods, identifiers."""
