"""Claims whose creditors came down to a ceiling stand with the plan."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("distributions", "0003_asked_pay")]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="opted_down",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), default=list, size=None
            ),
        ),
    ]
