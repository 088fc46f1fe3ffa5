"""Every address of the site with its door, and a case that fills every gap in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from factories import (
    TODAY,
    make_balance,
    make_case,
    make_claim,
    make_creditor,
    make_enforcement_case,
    make_evidence,
    make_holder,
    make_organisation,
    make_staff,
)
from integration.web.bundle_addresses import make_bundles
from integration.web.bureau_addresses import make_bureau
from integration.web.cost_addresses import make_costs
from integration.web.payment_addresses import make_payments
from integration.web.payout_addresses import make_payouts
from integration.web.plan_addresses import make_plans
from zhipo.accounts.actions import issue_token
from zhipo.accounts.models import ApiToken, Organisation, User
from zhipo.accounts.roles import GIVEN_BY, OrganisationKind, Role
from zhipo.accounts.scopes import Scope
from zhipo.cases.models import Case, Clock, Question
from zhipo.cases.phases import Phase
from zhipo.claims.background import BackgroundTask
from zhipo.claims.models import Adjustment, Claim, Message, Objection, Paper, ReminderRound
from zhipo.documents.models import Document
from zhipo.enforcement.models import Referral
from zhipo.privacy.columns import lookup_hash

NAME, PHONE, ID_NO, ACCOUNT = "欧阳小明", "13912345678", "430302198001011234", "wx-9137"
NUMBER, RECEIPT, WORDS = "A-900-001", "A-900-001-QQQQQ", "只有本人和管理人知道"
SECRETS = (NAME, PHONE, ID_NO, ACCOUNT, NUMBER, RECEIPT, WORDS)
"""What nobody sees who is neither the creditor nor of this case."""

WITHOUT_DOOR = {"health": "a monitor asks before anything works; says up or down"}


@dataclass(frozen=True)
class Address:
    """One URL pattern: its full name, its view's rule, the names of its gaps."""

    name: str
    route: str
    who: Any
    gaps: tuple[str, ...]

    def filled(self, values: dict[str, Any]) -> str:
        """The address with values in its gaps. Raises KeyError for one nobody fills."""
        chosen = {gap: values[self.key(gap, values)] for gap in self.gaps}
        return reverse(self.name, kwargs=chosen)

    def key(self, gap: str, values: dict[str, Any]) -> str:
        """Where the value of a gap stands: for this address, its portal, or for all."""
        own = (f"{self.name}:{gap}", f"{self.name.split(':')[0]}:{gap}")
        return next((key for key in own if key in values), gap)


def addresses() -> list[Address]:
    """All of them, from the URL map itself."""
    return list(_addresses(get_resolver().url_patterns, "", ""))


def _addresses(
    patterns: list[URLPattern | URLResolver], namespace: str, prefix: str
) -> Iterator[Address]:
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _addresses(one.url_patterns, inner, route)
        else:
            yield Address(
                name=f"{namespace}{one.name}",
                route=route,
                who=getattr(one.callback, "who", None),
                gaps=tuple(_gaps(one, route)),
            )


def _gaps(one: URLPattern, route: str) -> list[str]:
    named = [part.split(">")[0].split(":")[-1] for part in route.split("<")[1:]]
    return list(dict.fromkeys(named))


@dataclass
class World:
    """A case with one of everything, its people, and strangers."""

    case: Case
    other: Case
    values: dict[str, Any]
    people: dict[str, User | None] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    other_values: dict[str, Any] = field(default_factory=dict)


OWN = tuple(
    role
    for role, kind in GIVEN_BY.items()
    if kind in (OrganisationKind.COURT, OrganisationKind.ADMINISTRATOR)
)
NOBODY, OTHER_CREDITOR = "nobody", "creditor of another case"
OTHER_JUDGE, OTHER_LEAD = "judge of another court", "lead of another administrator"
OTHER_BUREAU = "enforcement judge of another court"
HALF_WAY = "lead before the second factor"
PEOPLE = (
    *Role, NOBODY, OTHER_CREDITOR, OTHER_JUDGE, OTHER_LEAD, OTHER_BUREAU, HALF_WAY,
)  # fmt: skip


def make_world() -> World:
    """A case in review, so that most acts are open, and another next to it."""
    case, other = make_case(phase=Phase.REVIEW), make_case(phase=Phase.REVIEW)
    creditor = make_creditor(f"+86{PHONE}")
    stranger = make_creditor("+8613700000001")
    make_claim(
        other, make_holder(other, "+8613700000001"), state="filed", creditor=stranger
    )
    world = World(case, other, values={})
    world.people = {
        NOBODY: None,
        Role.CREDITOR: creditor,
        OTHER_CREDITOR: stranger,
        OTHER_JUDGE: make_staff(Role.BANKRUPTCY_JUDGE, other.court),
        OTHER_LEAD: make_staff(Role.ADMINISTRATOR_LEAD, other.administrator),
        OTHER_BUREAU: make_staff(Role.ENFORCEMENT_JUDGE, other.court),
        HALF_WAY: make_staff(Role.ADMINISTRATOR_LEAD, case.administrator),
        **{role: _official(role, case) for role in GIVEN_BY},
    }
    for name, person in world.people.items():
        if person is not None and name != HALF_WAY:
            world.keys[name] = issue_token(label="m", scopes=list(Scope), by=person)
    world.values = _values(case, creditor) | make_bureau(case.court)
    own = Referral.objects.get(pk=world.values["bureau:referral_id"])
    world.values |= make_bundles(case, own) | make_plans(case)
    world.values |= make_payments(case, Claim.objects.get(pk=world.values["claim_id"]))
    entry = Claim.objects.get(pk=world.values["creditor:entry:claim_id"])
    world.values |= make_payouts(case, entry) | make_costs(case)
    world.other_values = {"slug": other.slug, "bureau:slug": _other_debtor(other.court)}
    return world


def _other_debtor(court: Organisation) -> str:
    return make_enforcement_case(court=court).debtor.slug


def _official(role: Role, case: Case) -> User:
    homes = {
        OrganisationKind.COURT: case.court,
        OrganisationKind.ADMINISTRATOR: case.administrator,
    }
    kind = GIVEN_BY[role]
    return make_staff(role, homes.get(kind) or make_organisation(kind))


def _values(case: Case, creditor: User) -> dict[str, Any]:
    """One of everything that stands in an address."""
    lead = make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)
    issue_token(label="m", scopes=[], by=lead)
    return {
        "slug": case.slug,
        "token_id": ApiToken.objects.get(user=lead).pk,
        "path": "nothing/here",
        "desk:export_register:version": "meeting",
        "desk:export_list:name": "claims",
        "creditor:other_kind:kind": "supplier",
        "court:make_document:kind": "notice",
        "public:help_topic:topic": "heir",
        "hooks:payouts:channel": "wechat",
        **_books(case, lead),
        **_claim(case, creditor, lead),
        **_business(case, lead),
    }


def _books(case: Case, lead: User) -> dict[str, Any]:
    """Sealed books, and a version that was refused."""
    make_evidence(case, version=1, folder=_folder(case), uploaded_by=lead)
    make_evidence(
        case, version=2, state="refused", folder=_folder(case), sealed_at=None,
        sealed_by=None, ledger_sha256="",
    )  # fmt: skip
    return {"version": 1, "desk:evidence_errors:version": 2}


def _claim(case: Case, creditor: User, lead: User) -> dict[str, Any]:
    """A claim with everything that can hang on one, and one on the employees' list."""
    now = datetime.now(UTC)
    holder = make_holder(
        case, f"+86{PHONE}", name=NAME, id_no=ID_NO, payer_account=ACCOUNT,
        name_hash=lookup_hash("name", NAME), payer_hash=lookup_hash("account", ACCOUNT),
    )  # fmt: skip
    make_balance(case.evidence.get(version=1), holder)
    claim = make_claim(
        case, holder, number=NUMBER, receipt=RECEIPT, creditor=creditor, state="filed",
        statement=WORDS, is_disputed=True, payout_account=ACCOUNT, payout_channel="wechat",
    )  # fmt: skip
    paper = Paper.objects.create(
        claim=claim, kind="photo", name="p.png", path=_file("paper.png"), size=4,
        content_type="image/png", sha256="0" * 64, added_by=creditor, added_at=now,
    )  # fmt: skip
    Message.objects.create(claim=claim, phrase="", text=WORDS, proof_code="M1", sent_at=now)
    Adjustment.objects.create(
        claim=claim, at=now, by=lead, act="decided", before={}, batch="b1",
        after={"decision": "admit"},
    )  # fmt: skip
    objection = Objection.objects.create(claim=claim, by=creditor, at=now, text=WORDS)
    other = make_claim(case, make_holder(case), state="tabled", admitted_fen=1)
    listed = make_claim(case, kind="employee", state="filed")
    Claim.objects.filter(pk=listed.pk).update(filed_through="listed")
    return {
        "claim_id": claim.pk,
        "paper_id": paper.pk,
        "objection_id": objection.pk,
        "batch": "b1",
        "desk:correct:claim_id": listed.pk,
        "creditor:entry:claim_id": other.pk,
    }


def _business(case: Case, lead: User) -> dict[str, Any]:
    """A question, a clock, a document, a round of reminders."""
    now = datetime.now(UTC)
    question = Question.objects.create(case=case, asked_by=lead, asked_at=now, text="?")
    clock = Clock.objects.create(
        case=case, deadline="D09", event_on=TODAY, last_day=TODAY, is_calendar_known=True
    )
    document = Document.objects.create(
        chain=case.number, kind="notice", title="公告", path=_file("notice.docx"),
        sha256="0" * 64, size=4, made_by=lead, made_at=now,
    )  # fmt: skip
    export = Document.objects.create(
        chain=case.number, kind="export", title="清单", path=_file("list.xlsx"),
        sha256="1" * 64, size=4, made_by=lead, made_at=now,
        for_role=Role.ADMINISTRATOR_LEAD,
    )  # fmt: skip
    done = _task(case, lead, state="done", finished_at=now, document=export)
    reminders = ReminderRound.objects.create(
        case=case, channel="letter", ordered_by=lead, ordered_at=now, not_before=now
    )
    return {
        "question_id": question.pk,
        "clock_id": clock.pk,
        "document_id": document.pk,
        "round_id": reminders.pk,
        "task_id": done.pk,
        "desk:task_progress:task_id": _task(case, lead).pk,
    }


def _task(case: Case, lead: User, **given: Any) -> BackgroundTask:
    return BackgroundTask.objects.create(
        case=case, kind="export_list", arguments={}, form_key=f"{len(given)}",
        role=Role.ADMINISTRATOR_LEAD, ordered_by=lead, ordered_at=datetime.now(UTC),
        **given,
    )  # fmt: skip


def _file(name: str) -> str:
    """A file below the folder of files, and its path there."""
    path = Path("matrix") / name
    target = Path(settings.ENVIRONMENT.files) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"\x89PNG")
    return str(path)


def _folder(case: Case) -> str:
    folder = Path(settings.ENVIRONMENT.files) / "matrix" / case.slug
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "errors.csv").write_text("file,row,column,value,message\n", encoding="utf-8")
    return str(folder.relative_to(settings.ENVIRONMENT.files))
