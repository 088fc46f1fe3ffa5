"""The register (债权表): classes, states, who may see what."""
