"""WeChat Pay API v3: merchant transfers that the user confirms (商家转账)."""
