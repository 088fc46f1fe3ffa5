"""Where payment channels post by themselves what became of an order: for programs alone."""
