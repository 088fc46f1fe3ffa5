"""A debtor of whom everything is known: a row in every table, a value in every field."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
from django.conf import settings
from django.db import models as columns

from factories import make_organisation
from unit.enforcement.sample_bundle import history
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import OrganisationKind
from zhipo.documents.models import Document
from zhipo.enforcement import models
from zhipo.enforcement.avoidance.sealing import seal_evidence
from zhipo.enforcement.avoidance.searching import EVIDENCE
from zhipo.enforcement.bundle.carried import CARRIED
from zhipo.enforcement.finding_states import AvoidableKind, Basis, CandidateState
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.referral_states import ReferralState, Signer
from zhipo.enforcement.states import Stage, Title
from zhipo.gateways.institutions.keys import (
    DIRECTORY,
    PRIVATE_FILE,
    Directory,
    Party,
    new_private_key,
    write_private_keys,
)
from zhipo.law.referral.handover import Held
from zhipo.privacy.columns import EncryptedTextField, lookup_hash

_numbers = count(1)
DAY = date(2026, 8, 3)
NOON = datetime(2026, 8, 3, 4, tzinfo=UTC)
PAPER = b"PK the decision, as a file"
EVIDENCE_KEY = "preference:entered:7:abc"
"""As the sending side calls it: its own number of the entry, its own hash."""

World = dict[type[columns.Model], Any]


def make_everything(**of_debtor: Any) -> World:
    """Model -> a row of it, all of one debtor, in the order in which bundles carry them.

    A model that is carried and has no rules here is filled by its columns alone: a new
    field has a value at once.
    """
    world: World = {}
    world[Organisation] = make_organisation()
    world[User] = User.objects.create(
        login=f"judge-{next(_numbers)}", name="李法官", is_staff_member=True
    )
    world[models.Debtor] = filled(
        models.Debtor, world, stage=Stage.REFERRING,
        **({"slug": f"debtor-{next(_numbers)}", "entity": "company"} | of_debtor),
    )  # fmt: skip
    world[Document] = _document(chain_of(world[models.Debtor]), world[User])
    for carried in CARRIED:
        if carried.model not in world:
            world[carried.model] = filled(carried.model, world, **_fixed(carried, world))
    return world


def filled(model: type[columns.Model], world: World, **given: Any) -> Any:
    """A row with a value of its own in every column that is not given."""
    values = {
        field.name: _value(field, world)
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in given
    }
    return model._default_manager.create(**values, **given)


def _fixed(carried: Any, world: World) -> dict[str, Any]:
    """What a model's own rules ask for, beyond a value of the column's type."""
    receiving = world.setdefault("receiving", None)  # type: ignore[call-overload]
    if receiving is None:
        receiving = make_organisation()
        world["receiving"] = receiving  # type: ignore[index]
    fixed: dict[type[columns.Model], dict[str, Any]] = {
        models.EnforcementCase: {
            "number": f"（2026）湘0302执{next(_numbers)}号", "paid_fen": 700,
            "amount_fen": 12_000_000, "applicant": "湘潭供应商有限公司",
            "applicant_hash": lookup_hash("name", "湘潭供应商有限公司"),
            "applicant_kind": "supplier", "applicant_phone": "13800138000",
        },
        models.Property: {
            "title": Title.DEBTORS, "reference": "6222020000000001",
            "reference_hash": lookup_hash("account", "6222020000000001"),
        },
        models.InquiryOrder: {"freeze_order": None},
        models.TransactionHistory: _file(history(), "parquet") | {"rows": 2},
        models.OrderBook: _file(history() + b" ", "parquet")
        | {"buyers": 90, "active_buyers": 50, "repeat_buyers": 40},
        models.Freeze: {
            "state": "in_force", "frozen_fen": 500, "limit_fen": 900,
            "until": DAY + timedelta(days=300),
        },
        models.AvoidanceSearch: _evidence(),
        models.Candidate: {
            "evidence_key": EVIDENCE_KEY, "kind": AvoidableKind.PREFERENCE,
            "basis": Basis.ENTERED, "state": CandidateState.SETTLED, "rows": 1,
            "settled_fen": 3, "judged_fen": 5,
        },
        models.ClosingForNow: {"is_signed_by_applicant": True},
        models.PropertyReport: {
            "covers_from": DAY - timedelta(days=365), "notice_received_on": DAY,
            "due_on": DAY + timedelta(days=5),
        },
        models.Referral: _referral(receiving),
        models.Signature: {"role": Signer.PRESIDENT, "agrees": True},
        models.Consent: {"answer": "agrees"},
        models.KeptPlace: {"declined_on": None},
        models.ReferralClock: {"deadline": "D32"},
        models.Proceeds: {
            "held": Held.PAID_OUT, "fen": 700, "since": DAY, "paid_out_on": DAY,
            "handed_over_on": None,
        },
    }  # fmt: skip
    return fixed.get(carried.model, {})


def _referral(receiving: Organisation) -> dict[str, Any]:
    return {
        "state": ReferralState.SERVED, "receiving": receiving, "case": None,
        "bundle_sha256": "", "sent_on": None, "received_on": None, "review_number": "",
        "ruled_on": None, "ruling_number": "", "refusal_grounds": "",
        "refusal_served_on": None, "effective_on": None, "returned_on": None,
        "dismissed_on": None,
    }  # fmt: skip


def _document(chain: str, by: User) -> Document:
    file = _file(PAPER, "docx", folder="documents")
    return Document.objects.create(
        chain=chain, kind="referral_decision", title="移送破产审查决定书",
        size=len(PAPER), for_role="enforcement_judge", made_by=by, made_at=NOON, **file,
    )  # fmt: skip


def _evidence() -> dict[str, str]:
    """The row that a candidate rests on, sealed."""
    row = {"key": EVIDENCE_KEY, "source": "booking", "history": 1, "day": DAY,
           "institution": "bank", "reference": "B1", "counterparty": "甲", "note": "",
           "fen": 5}  # fmt: skip
    made = seal_evidence(pa.Table.from_pylist([row], schema=EVIDENCE))
    return {"evidence_path": made.path, "evidence_sha256": made.sha256}


def _file(content: bytes, ending: str, *, folder: str = "histories") -> dict[str, str]:
    """A file on disk and what its row says of it."""
    digest = sha256(content).hexdigest()
    path = Path(settings.ENVIRONMENT.files) / folder / f"{digest}.{ending}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return {"path": f"{folder}/{digest}.{ending}", "sha256": digest}


def _value(field: Any, world: World) -> Any:
    number = next(_numbers)
    if isinstance(field, columns.ForeignKey):
        return world.get(field.related_model)
    if field.choices:
        return [value for value, _ in field.choices if value != "none"][-1]
    if field.name.endswith("sha256") or field.name.endswith("_hash"):
        return sha256(str(number).encode()).hexdigest()
    kinds: tuple[tuple[Any, Any], ...] = (
        (EncryptedTextField, f"{field.name} 密 {number}"),
        (columns.DateTimeField, NOON + timedelta(minutes=number)),
        (columns.DateField, DAY),
        (columns.UUIDField, uuid4()),
        (columns.BooleanField, True),
        (columns.JSONField, {"n": number, "字": [number]}),
        (columns.PositiveSmallIntegerField, 1 + number % 1_000),
        (columns.IntegerField, number),
        (columns.TextField, f"{field.name} {number}"),
        (columns.CharField, f"{field.name} {number}"[: field.max_length]),
    )
    return next(value for kind, value in kinds if isinstance(field, kind))


def set_keys(world: World, folder: Path, monkeypatch: Any) -> Directory:
    """Keys for the sending court, and the directory that both sides have."""
    sending = world[models.Referral].sending
    key = new_private_key("court-sending", "court-sending-1", seed=bytes(range(32)))
    since, until = NOON - timedelta(days=900), NOON + timedelta(days=900)
    directory = Directory(
        parties=(
            Party(
                party="court-sending", name=sending.name, role="court", address="",
                keys=(key.public_key(since=since, until=until),),
            ),
        )
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "directory.json").write_text(directory.model_dump_json(), encoding="utf-8")
    write_private_keys([key], folder / "keys.json")
    monkeypatch.setenv(DIRECTORY, str(folder / "directory.json"))
    monkeypatch.setenv(PRIVATE_FILE, str(folder / "keys.json"))
    return directory


def make_sender(home: Path, monkeypatch: Any, **of_debtor: Any) -> World:
    """An installation of its own with everything of one debtor, ready to seal and send."""
    environment = replace(settings.ENVIRONMENT, home=home / "home")
    monkeypatch.setattr(settings, "ENVIRONMENT", environment)
    made = make_everything(**of_debtor)
    set_keys(made, home / "keys", monkeypatch)
    return made


def empty_installation() -> None:
    """Take everything of the enforcement stage away: what is left is another database."""
    for model in (models.CarriedRow, models.ReceivedBundle, models.SealedBundle,
                  models.LinkageKey):  # fmt: skip
        model._default_manager.all().delete()
    for carried in reversed(CARRIED):
        if carried.model not in (User, Organisation):
            carried.manager.all().delete()


def kind_of_administrator() -> Organisation:
    return make_organisation(OrganisationKind.ADMINISTRATOR)
