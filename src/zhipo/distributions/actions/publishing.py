"""What is published of an approved plan: root, totals, masked table; the secret kept."""

import secrets
import zipfile
from pathlib import Path

from zhipo.distributions import files
from zhipo.distributions.blinding import secret_for
from zhipo.distributions.models import Plan, ProofSecret
from zhipo.engine.outputs import whole_file
from zhipo.engine.proofs.kept import keep_tree
from zhipo.engine.proofs.publishing import (
    PLAN,
    SECRET_BYTES,
    STATEMENT,
    TABLE,
    publish_under,
)

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first instant a ZIP archive can name: the same publication, the same bytes."""

FOLDER_IN_ZIP = "bundle"


def publish_plan(plan: Plan) -> None:
    """Write the public bundle beside the result; part of the approval's own act."""
    folder = files.folder_of(plan)
    statement = publish_under(
        folder / files.PAYMENTS, folder / files.PUBLISHED, secret=secret_of(plan),
        case=plan.case.number,
    )  # fmt: skip
    keep_tree(folder / files.PUBLISHED, folder / files.TREE)
    _pack(folder / files.PUBLISHED, folder / files.BUNDLE)
    plan.statement = statement.as_json()
    plan.save(update_fields=["statement"])


def secret_of(plan: Plan) -> bytes:
    """The plan's own secret, from the case's one, which is made once."""
    kept, _ = ProofSecret.objects.get_or_create(
        case=plan.case, defaults={"secret": secrets.token_hex(SECRET_BYTES)}
    )
    return secret_for(plan, kept)


def _pack(published: Path, out: Path) -> None:
    """The publication in one file, in a folder that `zhipo verify` takes."""
    with whole_file(out) as part, zipfile.ZipFile(part, "w") as archive:
        for name in (STATEMENT, PLAN, TABLE):
            entry = zipfile.ZipInfo(f"{FOLDER_IN_ZIP}/{name}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (published / name).read_bytes())
