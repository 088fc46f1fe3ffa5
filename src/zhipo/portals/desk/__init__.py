"""The administrator's workbench, in the order of the stages; the court looks in."""
