"""What is read of claims, by reader: each starts from what that reader may see."""
