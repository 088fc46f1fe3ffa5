"""A letter names the court that writes it; there are no letters yet."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_alter_appointment_role"),
        ("enforcement", "0006_bundles"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="notice", name="notice_once"),
        migrations.AddField(
            model_name="notice",
            name="sender",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("referral", "kind", "sender", "court", "institution"),
                name="notice_once",
                nulls_distinct=False,
            ),
        ),
    ]
