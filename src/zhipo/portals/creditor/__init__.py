"""The creditor: sign in, my money, why, one tap, and everything after it."""
