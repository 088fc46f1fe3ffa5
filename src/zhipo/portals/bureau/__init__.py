"""The enforcement bureau (执行局): debtors, inquiries, property, referral."""
