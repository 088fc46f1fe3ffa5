"""Candidates travel: what names their evidence and what they rest on are their own fields."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enforcement", "0011_origins")]

    operations = [
        migrations.AddField(
            model_name="candidate",
            name="evidence_key",
            field=models.CharField(default="", max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="candidate",
            name="reported",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="candidates",
                to="enforcement.reporteditem",
            ),
        ),
    ]
