"""How staff come in: password, second factor, devices, tokens."""
