"""Views of the creditor, by what the creditor is doing."""
