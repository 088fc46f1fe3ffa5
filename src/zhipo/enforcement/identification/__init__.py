"""Identification (识别): facts, what the rules say of them, what each road would bring."""
