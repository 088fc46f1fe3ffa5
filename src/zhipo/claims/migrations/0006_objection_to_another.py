import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import zhipo.claims.states


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0005_findable"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="objection",
            name="objection_one_open",
        ),
        migrations.AddField(
            model_name="objection",
            name="raised_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="objections_raised",
                to="claims.claim",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="objection",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="papers",
                to="claims.objection",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", zhipo.claims.states.ObjectionState["OPEN"])),
                fields=("claim", "by"),
                name="objection_one_open_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("raised_from__isnull", True),
                    models.Q(("raised_from", models.F("claim")), _negated=True),
                    _connector="OR",
                ),
                name="objection_raised_from_another_claim",
            ),
        ),
    ]
