"""From enforcement to bankruptcy (执转破): conditions, chain, hand-over."""
