"""Payout channels: WeChat Pay, Alipay, bank batch files and payment by hand; sandboxes."""
