"""A bundle goes from one database to another, and nothing is typed again.

The rows of the sending side are taken away once the bundle is a file; what stands in the
tables afterwards came out of it. Keyed hashes are made with another key on that side.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from factories import make_staff
from factories_bundles import (
    DAY,
    NOON,
    PAPER,
    World,
    empty_installation,
    make_everything,
    make_sender,
)
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry
from zhipo.enforcement import models
from zhipo.enforcement.actions.bundling import seal_bundle, send_bundle
from zhipo.enforcement.actions.receiving import Arrival, receive_file
from zhipo.enforcement.avoidance.searching import key_of
from zhipo.enforcement.bundle.carried import CARRIED, Carried
from zhipo.enforcement.bundle.rows.keys import file_fields_of, references_of
from zhipo.enforcement.bundle.storing import below_files
from zhipo.enforcement.finding_states import AvoidableKind, Basis
from zhipo.enforcement.models import CarriedRow, Debtor, ReceivedBundle, Referral
from zhipo.enforcement.queries.avoidance import evidence_of
from zhipo.enforcement.referral_states import ReferralState
from zhipo.enforcement.states import Stage
from zhipo.privacy.columns import lookup_hash

pytestmark = pytest.mark.django_db

ARRIVAL = Arrival(received_on=DAY, review_number="（2026）湘03破申1号")
CHANGED_BY_ARRIVAL = {
    ("debtors", "stage"), ("referrals", "state"), ("referrals", "sent_on"),
    ("referrals", "received_on"), ("referrals", "review_number"),
}  # fmt: skip
"""What receiving itself changes; an official's login is prefixed with the court's name."""


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return make_sender(tmp_path, monkeypatch)


def sender(world: World) -> User:
    return make_staff(Role.ENFORCEMENT_JUDGE, world[Referral].sending)


def snapshot(carried: Carried, rows: Any) -> list[dict[str, Any]]:
    """Rows of one table as people see them: references by what they lead to."""
    return [
        {name: _shown(carried, row, name) for name in carried.fields()}
        for row in rows.order_by("pk")
    ]


def sent_rows(carried: Carried, world: World) -> Any:
    """What the sending side has: of people and courts those that have to do with it."""
    courts = [world[Organisation].pk, world[Referral].receiving.pk]
    named = {User: [world[User].pk], Organisation: courts}
    if carried.model in named:
        return carried.manager.filter(pk__in=named[carried.model])
    return carried.manager.all()


def arrived_rows(carried: Carried) -> Any:
    """What the receiving side has from the bundle."""
    ids = CarriedRow.objects.filter(table=carried.table).values_list("row_id", flat=True)
    return carried.manager.filter(pk__in=list(ids))


def _shown(carried: Carried, row: Any, name: str) -> Any:
    value = getattr(row, name)
    if name in references_of(carried.kind.row):
        return None if value is None else str(value).split()[0].split(":")[-1]
    if name in file_fields_of(carried.kind.row):
        return Path(value).name
    if carried.model is User and name == "login":
        return value.split(":")[-1]
    return value


def carried_over(world: World, monkeypatch: pytest.MonkeyPatch) -> ReceivedBundle:
    """Seal, take the sender's database away, receive what is left: the file."""
    receiver = world[Referral].receiving
    sealed = seal_bundle(referral_id=world[Referral].pk, by=sender(world), now=NOON)
    content = below_files(sealed.path).read_bytes()
    empty_installation()
    other = replace(settings.ENVIRONMENT, lookup_key="ab" * 32,
                    home=settings.ENVIRONMENT.home.with_name("other"))  # fmt: skip
    monkeypatch.setattr(settings, "ENVIRONMENT", other)
    clerk = make_staff(Role.COURT_CLERK, receiver)
    return receive_file(chunks=[content], arrival=ARRIVAL, by=clerk)


def test_every_field_of_every_table_arrives(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {one.table: snapshot(one, sent_rows(one, world)) for one in CARRIED}

    carried_over(world, monkeypatch)

    different = {
        (one.table, name): (old[name], new[name])
        for one in CARRIED
        for old, new in zip(
            before[one.table], snapshot(one, arrived_rows(one)), strict=True
        )
        for name in old
        if old[name] != new[name] and (one.table, name) not in CHANGED_BY_ARRIVAL
    }
    assert different == {}


def test_the_sample_leaves_no_field_empty() -> None:
    """An empty field would arrive unread: each has a value in the sample, or its reason."""
    make_everything()

    empty = {
        (one.table, name)
        for one in CARRIED
        for name in one.fields()
        if all(getattr(row, name) in (None, "", {}, []) for row in one.manager.all())
    }

    assert empty == {
        ("kept_places", "declined_on"),
        ("orders", "freeze_order"),
        ("proceeds", "handed_over_on"),
        *(("referrals", name) for name in UNRULED),
    }


UNRULED = (
    "sent_on", "received_on", "review_number", "ruled_on", "ruling_number",
    "refusal_grounds", "refusal_served_on", "effective_on", "returned_on", "dismissed_on",
)  # fmt: skip
"""Nobody has ruled on a referral whose bundle is sealed for the first time."""


def test_hashes_are_made_with_the_receiving_sides_key(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = world[models.EnforcementCase].applicant_hash

    carried_over(world, monkeypatch)

    case = models.EnforcementCase.objects.get()
    assert case.applicant_hash == lookup_hash("name", case.applicant) != old
    thing = models.Property.objects.get()
    assert thing.reference_hash == lookup_hash("account", thing.reference)


def test_a_candidate_has_the_name_that_searches_here_will_find_it_under(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = world[models.Candidate]

    carried_over(world, monkeypatch)

    found = models.Candidate.objects.get()
    assert found.dealing is not None
    assert found.key != old.key
    assert found.key == key_of(
        AvoidableKind(found.kind), Basis(found.basis), found.counterparty, found.dealing.pk
    )
    assert [one["fen"] for one in evidence_of(found)] == [5]


def test_files_arrive_with_their_digest_and_are_read_only(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = world[models.TransactionHistory].sha256

    carried_over(world, monkeypatch)

    history = models.TransactionHistory.objects.get()
    path = below_files(history.path)
    assert (history.sha256, path.stem) == (digest, digest)
    assert path.stat().st_mode & 0o777 == 0o400
    document = CARRIED[2].model._default_manager.get()
    assert below_files(document.path).read_bytes() == PAPER


def test_the_review_begins_and_enforcements_people_cannot_sign_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = carried_over(world, monkeypatch)

    referral = received.referral
    assert referral.state == ReferralState.UNDER_REVIEW
    assert (referral.received_on, referral.review_number) == (DAY, ARRIVAL.review_number)
    assert Debtor.objects.get().stage == Stage.UNDER_REVIEW
    assert models.LinkageKey.objects.filter(debtor=Debtor.objects.get()).exists()
    judge = referral.opened_by
    assert judge.login.startswith("court-sending:")
    assert not judge.is_active
    assert not judge.has_usable_password()
    assert not judge.appointments.exists()


def test_the_same_file_again_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = carried_over(world, monkeypatch)
    content = below_files(received.path).read_bytes()
    entries = Entry.objects.count()

    again = receive_file(chunks=[content], arrival=ARRIVAL, by=received.received_by)

    assert again.pk == received.pk
    assert Entry.objects.count() == entries
    assert Debtor.objects.count() == 1


def test_a_later_version_changes_rows_and_adds_none_twice(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, referral = sender(world), world[Referral]
    first = send_bundle(referral_id=referral.pk, by=by, today=DAY, now=NOON)
    models.Property.objects.update(label="更正后的名称", title="disputed")
    thing = world[models.Property]
    thing.pk, thing.reference_hash, thing.reference = None, "1" * 64, "另一账户"
    thing.save(force_insert=True)
    second = seal_bundle(referral_id=referral.pk, by=by, now=NOON)
    files = [below_files(one.path).read_bytes() for one in (first, second)]
    receiver = referral.receiving
    empty_installation()
    clerk = make_staff(Role.COURT_CLERK, receiver)

    receive_file(chunks=[files[0]], arrival=ARRIVAL, by=clerk)
    later = receive_file(chunks=[files[1]], arrival=ARRIVAL, by=clerk)

    assert later.counts["properties"] == {"new": 1, "changed": 1}
    assert set(models.Property.objects.values_list("label", "title")) == {
        ("更正后的名称", "disputed"), (thing.label, thing.title),
    }  # fmt: skip
    assert models.EnforcementCase.objects.count() == 1
    assert later.referral.state == ReferralState.UNDER_REVIEW
    assert later.referral.review_number == ARRIVAL.review_number


def test_who_was_known_here_before_stays_as_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A court of another name for the debtor is not overwritten from outside."""
    referral = world[Referral]
    sealed = seal_bundle(referral_id=referral.pk, by=sender(world), now=NOON)
    content = below_files(sealed.path).read_bytes()
    code, receiver = world[Debtor].credit_code, referral.receiving
    empty_installation()
    own = Debtor.objects.create(slug="own", name="本院已知名称", credit_code=code)

    receive_file(chunks=[content], arrival=ARRIVAL,
                 by=make_staff(Role.COURT_CLERK, receiver))  # fmt: skip

    own.refresh_from_db()
    assert own.name == "本院已知名称"
    assert models.EnforcementCase.objects.get().debtor == own
