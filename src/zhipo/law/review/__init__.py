"""Review of claims (债权审查): what is confirmed, reduced, refused or left to a person."""
