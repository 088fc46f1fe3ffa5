"""Identify and divert (识别、分流): may the debtor go into bankruptcy, by which road."""
