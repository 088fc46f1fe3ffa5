"""Before the case: inquiry, freeze, identification, referral (查控、识别、移送)."""
