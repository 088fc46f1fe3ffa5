"""Payments of costs; what another person has checked stands, kept by the database."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import zhipo.privacy.columns

FORWARD = """
CREATE FUNCTION distributions_cost_payment_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.checked_at IS NOT NULL THEN
        RAISE EXCEPTION 'a checked payment of a cost stands';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF to_jsonb(NEW) - 'checked_by_id' - 'checked_at'
        IS DISTINCT FROM to_jsonb(OLD) - 'checked_by_id' - 'checked_at'
    THEN
        RAISE EXCEPTION 'an entered payment of a cost says what it said';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER distributions_cost_payment_stands
    BEFORE UPDATE OR DELETE ON distributions_costpayment
    FOR EACH ROW EXECUTE FUNCTION distributions_cost_payment_stands();
"""

BACKWARD = """
DROP TRIGGER distributions_cost_payment_stands ON distributions_costpayment;
DROP FUNCTION distributions_cost_payment_stands();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_ended_on"),
        ("distributions", "0005_given_back"),
        ("documents", "0003_for_role"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CostPayment",
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
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("planned_cost", "planned_cost"),
                            ("outlay", "outlay"),
                            ("unused_back", "unused_back"),
                        ],
                        max_length=14,
                    ),
                ),
                ("cost", models.CharField(blank=True, default="", max_length=20)),
                ("kind", models.CharField(blank=True, default="", max_length=16)),
                ("title", models.CharField(blank=True, default="", max_length=120)),
                ("fen", models.BigIntegerField()),
                ("account", models.CharField(max_length=60)),
                (
                    "payee",
                    zhipo.privacy.columns.EncryptedTextField(default=b"", editable=True),
                ),
                ("ground", models.CharField(blank=True, default="", max_length=200)),
                ("reference", models.CharField(max_length=120)),
                ("paid_on", models.DateField()),
                ("form_key", models.CharField(max_length=40)),
                ("entered_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cost_payments",
                        to="cases.case",
                    ),
                ),
                (
                    "checked_by",
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
                    "paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cost_payments",
                        to="distributions.plan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "form_key"), name="cost_payment_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fen__gt", 0)), name="cost_payment_above_0"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("plan__isnull", False),
                                ("purpose", "planned_cost"),
                                models.Q(("cost", ""), _negated=True),
                                models.Q(("kind", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("purpose", "planned_cost"), _negated=True),
                                ("cost", ""),
                                ("plan__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="cost_payment_of_a_plan_or_not",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_by__isnull", True),
                            models.Q(("checked_by", models.F("entered_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="cost_payment_seen_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("checked_at__isnull", True), ("checked_by__isnull", True)
                            ),
                            models.Q(
                                ("checked_at__isnull", False), ("checked_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="cost_payment_checked_by_someone",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
