"""From an approved share to the creditor's account: releases, orders, answers, deposits."""
