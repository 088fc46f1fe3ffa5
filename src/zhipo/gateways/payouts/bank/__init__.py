"""Bank batch payment: a payment file out, a return file in (批量代发)."""
