"""The law as pure, dated, cited functions: one package per subject, no I/O."""
