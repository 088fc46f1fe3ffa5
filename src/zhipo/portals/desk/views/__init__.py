"""Pages of the workbench, by stage."""
