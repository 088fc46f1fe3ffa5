"""The secret behind a plan's published lines, made from the one that the case keeps."""

import hashlib
import hmac

from zhipo.distributions.models import Plan, ProofSecret


def secret_for(plan: Plan, kept: ProofSecret) -> bytes:
    """The plan's own secret, 32 bytes.

    Each plan has its own: lines of two plans do not tell that they are one person's.
    """
    message = f"plan {plan.number}".encode()
    return hmac.new(bytes.fromhex(kept.secret), message, hashlib.sha256).digest()
