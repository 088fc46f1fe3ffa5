"""The outside world: SMS, WeChat; each a real adapter and a sandbox."""
