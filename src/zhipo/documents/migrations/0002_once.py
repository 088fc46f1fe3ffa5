from django.db import migrations, models


class Migration(migrations.Migration):
    """A document has a language, and the same content is the same document."""

    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="lang",
            field=models.CharField(default="zh", max_length=2),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                fields=("chain", "kind", "sha256"), name="document_once"
            ),
        ),
    ]
