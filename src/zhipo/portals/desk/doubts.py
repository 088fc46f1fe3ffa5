"""The words for why a claim waits for a person."""

from zhipo.web.words import has, say


def doubt_words(doubt: str) -> str:
    """The desk's own words for a class of doubt, else those of the review's reason."""
    key = f"desk.doubt.{doubt}"
    return say(key if has(key) else f"claims.reason.{doubt}")
