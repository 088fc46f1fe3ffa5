"""Settings, base templates, components and what every page shares."""
