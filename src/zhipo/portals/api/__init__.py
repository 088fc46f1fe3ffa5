"""/api/v1/...: the case for machines."""
