"""Institutions with an address and keys of their own, confirmed by a president."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import zhipo.privacy.columns


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("enforcement", "0007_notice_senders"),
    ]

    operations = [
        migrations.AddField(
            model_name="institution",
            name="address",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="institution",
            name="contact",
            field=zhipo.privacy.columns.EncryptedTextField(default=b"", editable=True),
        ),
        migrations.AddField(
            model_name="institution",
            name="holds",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="institution",
            name="test_result",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="institution",
            name="tested_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="InstitutionKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("key_id", models.CharField(max_length=120)),
                ("public", models.CharField(max_length=44)),
                ("fingerprint", models.CharField(max_length=64)),
                ("entered_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("discarded_at", models.DateTimeField(null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="enforcement.institution",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="institutionkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_at", None),
                        ("confirmed_by", None),
                        ("since", None),
                        ("until", None),
                    ),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("discarded_at", None),
                        ("since__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="institution_key_in_use_once_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="institutionkey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("discarded_at", None)),
                fields=("key_id",),
                name="institution_key_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="institutionkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until", None), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="institution_key_days",
            ),
        ),
    ]
