"""Acts on payments: prepared, released, sent, settled, deposited."""
