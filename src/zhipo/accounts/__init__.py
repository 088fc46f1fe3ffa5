"""People and organisations: who they are, how they sign in, what role they hold."""
