"""The bankruptcy court's pages: what needs it, until when, with the papers beside it."""
