"""When a payment may be prepared, released, stopped, recorded, deposited."""
