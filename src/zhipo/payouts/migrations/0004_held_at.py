"""Since when a release is paused or stopped."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payouts", "0003_orders_stand")]

    operations = [
        migrations.AddField(
            model_name="release",
            name="held_at",
            field=models.DateTimeField(null=True),
        )
    ]
