"""What is published of an approved plan: root, totals, masked table; the secret kept."""

import hashlib
import hmac
import secrets

from zhipo.distributions import files
from zhipo.distributions.models import Plan, ProofSecret
from zhipo.engine.proofs.kept import keep_tree
from zhipo.engine.proofs.publishing import SECRET_BYTES, publish_under


def publish_plan(plan: Plan) -> None:
    """Write the public bundle beside the result; part of the approval's own act."""
    folder = files.folder_of(plan)
    statement = publish_under(
        folder / files.PAYMENTS, folder / files.PUBLISHED, secret=secret_of(plan),
        case=plan.case.number,
    )  # fmt: skip
    keep_tree(folder / files.PUBLISHED, folder / files.TREE)
    plan.statement = statement.as_json()
    plan.save(update_fields=["statement"])


def secret_of(plan: Plan) -> bytes:
    """The plan's own secret, from the case's one, which is made once.

    Each plan has its own: lines of two plans do not tell that they are one person's.
    """
    kept, _ = ProofSecret.objects.get_or_create(
        case=plan.case, defaults={"secret": secrets.token_hex(SECRET_BYTES)}
    )
    message = f"plan {plan.number}".encode()
    return hmac.new(bytes.fromhex(kept.secret), message, hashlib.sha256).digest()
