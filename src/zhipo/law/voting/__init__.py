"""Meetings and votes (债权人会议): who votes, what carries."""
