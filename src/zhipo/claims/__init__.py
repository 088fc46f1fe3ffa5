"""From the books to the register: balances, filing, review, objections."""
