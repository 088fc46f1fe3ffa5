"""Columns to find people by, filled for those who are there already."""

from collections.abc import Callable
from typing import Any

from django.db import migrations, models

from zhipo.kernel.identifiers import name_key
from zhipo.privacy.columns import lookup_hash

BATCH = 2_000


def fill(apps: Any, _: Any) -> None:
    holders = apps.get_model("claims", "Holder").objects.exclude(id_no=b"")
    _fill(
        holders.only("pk", "id_no"),
        "id_tail_hash",
        lambda row: lookup_hash("id_tail", row.id_no[-4:].upper()),
    )
    claims = apps.get_model("claims", "Claim").objects.exclude(claimant=b"")
    _fill(
        claims.only("pk", "claimant"),
        "claimant_hash",
        lambda row: lookup_hash("claimant", name_key(row.claimant)),
    )


def _fill(rows: Any, column: str, hashed: Callable[[Any], str]) -> None:
    """Decrypt, hash and write, a batch a statement."""
    batch: list[Any] = []
    for row in rows.order_by("pk").iterator(chunk_size=BATCH):
        setattr(row, column, hashed(row))
        batch.append(row)
        if len(batch) == BATCH:
            rows.model.objects.bulk_update(batch, [column])
            batch = []
    rows.model.objects.bulk_update(batch, [column])


def _hash() -> "models.CharField[str, str]":
    return models.CharField(blank=True, db_default="", db_index=True, max_length=64)


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_second_person")]

    operations = [
        migrations.AddField("holder", "id_tail_hash", _hash()),
        migrations.AddField("claim", "claimant_hash", _hash()),
        migrations.AddField("claim", "credit_code_hash", _hash()),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
