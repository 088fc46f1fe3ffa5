"""Alipay: single transfers to accounts (单笔转账)."""
