"""What names a candidate's evidence and what it rests on, from its key."""

from typing import Any

from django.db import migrations


def tell_by_their_keys(apps: Any, schema_editor: Any) -> None:
    """A key is kind, basis, the entry's number and a hash; so far it named the evidence."""
    candidates = apps.get_model("enforcement", "Candidate").objects
    entries = {
        "reported_id": apps.get_model("enforcement", "ReportedItem").objects,
        "dealing_id": apps.get_model("enforcement", "Dealing").objects,
    }
    for one in candidates.all():
        _, basis, entry, _ = one.key.split(":")
        field = "reported_id" if basis == "reported" else "dealing_id"
        one.evidence_key = one.key
        if entries[field].filter(pk=int(entry)).exists():
            setattr(one, field, int(entry))
        one.save(update_fields=["evidence_key", field])


class Migration(migrations.Migration):
    dependencies = [("enforcement", "0012_carried_candidates")]

    operations = [migrations.RunPython(tell_by_their_keys, migrations.RunPython.noop)]
