from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_once")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="for_role",
            field=models.CharField(blank=True, default="", max_length=30),
        ),
        migrations.RemoveConstraint(model_name="document", name="document_once"),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                fields=("chain", "kind", "sha256", "for_role"), name="document_once"
            ),
        ),
    ]
