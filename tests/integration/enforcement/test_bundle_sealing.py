"""Sealing and sending at the court that refers, receiving at the court it is sent to."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from factories import make_staff
from factories_bundles import DAY, NOON, World, make_everything, set_keys
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.documents.models import Document
from zhipo.enforcement.actions import bundling, receiving
from zhipo.enforcement.actions.bundling import seal_bundle, send_bundle
from zhipo.enforcement.actions.receiving import Arrival, receive_bundle, receive_file
from zhipo.enforcement.bundle.reading import open_bundle
from zhipo.enforcement.bundle.storing import below_files
from zhipo.enforcement.models import (
    Debtor,
    Property,
    ReceivedBundle,
    Referral,
    SealedBundle,
)
from zhipo.enforcement.policies.bundles import SEALED_IN
from zhipo.enforcement.referral_states import ReferralState
from zhipo.enforcement.states import Stage
from zhipo.gateways.institutions.keys import DIRECTORY, PRIVATE_FILE, Directory
from zhipo.kernel.faults import Refused
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db

R = ReferralState
ARRIVAL = Arrival(received_on=DAY, review_number="（2026）湘03破申1号")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    home = replace(settings.ENVIRONMENT, home=tmp_path / "home")
    monkeypatch.setattr(settings, "ENVIRONMENT", home)
    return make_everything()


@pytest.fixture
def directory(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Directory:
    return set_keys(world, tmp_path / "keys", monkeypatch)


@pytest.fixture
def sender(world: World) -> User:
    return make_staff(Role.ENFORCEMENT_JUDGE, world[Referral].sending)


@pytest.fixture
def receiver(world: World) -> User:
    return make_staff(Role.COURT_CLERK, world[Referral].receiving)


def seal(world: World, by: User, **given: Any) -> SealedBundle:
    return seal_bundle(referral_id=world[Referral].pk, by=by, now=given.get("now", NOON))


def send(world: World, by: User) -> SealedBundle:
    return send_bundle(referral_id=world[Referral].pk, by=by, today=DAY, now=NOON)


def receive(world: World, by: User) -> ReceivedBundle:
    return receive_bundle(referral_id=world[Referral].pk, arrival=ARRIVAL, by=by)


def files_in(folder: str) -> list[Path]:
    return sorted(Path(settings.ENVIRONMENT.files, folder).glob("*"))


@pytest.mark.usefixtures("directory")
def test_sealing_makes_one_file_that_opens_and_is_recorded(
    world: World, sender: User, directory: Directory
) -> None:
    sealed = seal(world, sender)

    bundle = open_bundle(below_files(sealed.path), directory)
    assert bundle.debtor.name == world[Debtor].name
    assert (sealed.version, sealed.parts) == (1, len(bundle.manifest.parts))
    assert below_files(sealed.path).stat().st_mode & 0o777 == 0o400
    entry = Entry.objects.get(event=Event.BUNDLE_SEALED)
    assert entry.detail["sha256"] == sealed.sha256
    assert entry.actor == f"user {sender.pk}"


@pytest.mark.usefixtures("directory")
def test_sealing_what_is_unchanged_gives_the_same_file(world: World, sender: User) -> None:
    first = seal(world, sender)

    again = seal(world, sender, now=NOON + timedelta(days=1))

    assert again.pk == first.pk
    assert len(files_in("bundles")) == 1
    assert Entry.objects.filter(event=Event.BUNDLE_SEALED).count() == 1


@pytest.mark.usefixtures("directory")
def test_what_has_changed_is_a_new_version(world: World, sender: User) -> None:
    seal(world, sender)
    Property.objects.update(label="更正")

    assert seal(world, sender).version == 2


@pytest.mark.usefixtures("directory")
def test_a_file_that_was_lost_is_made_again_to_the_last_byte(
    world: World, sender: User
) -> None:
    sealed = seal(world, sender)
    path = below_files(sealed.path)
    before = path.read_bytes()
    path.unlink()

    seal(world, sender, now=NOON + timedelta(days=2))

    assert path.read_bytes() == before


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("state", sorted(set(R) - set(SEALED_IN)))
def test_before_service_and_after_the_ruling_nothing_is_sealed(
    world: World, sender: User, state: ReferralState
) -> None:
    Referral.objects.update(state=state)

    with pytest.raises(NotInState):
        seal(world, sender)

    assert not SealedBundle.objects.exists()
    assert files_in("bundles") == []


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("role", [Role.BANKRUPTCY_JUDGE, Role.COURT_CLERK, Role.AUDITOR])
def test_only_the_sending_courts_judge_seals(world: World, role: Role) -> None:
    for by in (make_staff(role), make_staff(Role.ENFORCEMENT_JUDGE)):
        with pytest.raises(NotAllowed):
            seal(world, by)


@pytest.mark.usefixtures("directory")
def test_a_failing_audit_leaves_neither_row_nor_file(
    world: World, sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("audit")

    monkeypatch.setattr(bundling, "record", fails)

    with pytest.raises(RuntimeError):
        seal(world, sender)

    assert not SealedBundle.objects.exists()
    assert files_in("bundles") == []


@pytest.mark.parametrize("missing", [DIRECTORY, PRIVATE_FILE])
@pytest.mark.usefixtures("directory")
def test_without_keys_nothing_is_sealed_and_the_reason_is_said(
    world: World, sender: User, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.delenv(missing)

    with pytest.raises(NotInState) as refused:
        seal(world, sender)

    assert "密钥" in refused.value.sentence


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("change", [b"other bytes", None])
def test_a_paper_that_is_not_what_was_recorded_is_not_sealed(
    world: World, sender: User, change: bytes | None
) -> None:
    path = below_files(world[Document].path)
    if change is None:
        path.unlink()
    else:
        path.write_bytes(change)

    with pytest.raises(NotInState):
        seal(world, sender)

    assert files_in("bundles") == []


@pytest.mark.usefixtures("directory")
def test_sending_seals_and_puts_the_debtor_under_review(world: World, sender: User) -> None:
    sealed = send(world, sender)
    again = send(world, sender)

    referral = Referral.objects.get()
    assert again.pk == sealed.pk
    assert (referral.state, referral.bundle_sha256) == (R.SENT, sealed.sha256)
    assert Debtor.objects.get().stage == Stage.UNDER_REVIEW


@pytest.mark.usefixtures("directory")
def test_sending_without_keys_leaves_the_referral_where_it_was(
    world: World, sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PRIVATE_FILE)

    with pytest.raises(NotInState):
        send(world, sender)

    assert Referral.objects.get().state == R.SERVED


@pytest.mark.usefixtures("directory")
def test_receiving_in_one_installation_checks_and_begins_the_review(
    world: World, sender: User, receiver: User
) -> None:
    sealed = send(world, sender)
    rows = Property.objects.count()

    received = receive(world, receiver)

    assert received.sha256 == sealed.sha256
    assert received.signer == world[Referral].sending.name
    assert Referral.objects.get().state == R.UNDER_REVIEW
    assert Property.objects.count() == rows
    assert Entry.objects.filter(event=Event.BUNDLE_RECEIVED).count() == 1
    assert receive(world, receiver).pk == received.pk


@pytest.mark.usefixtures("directory")
def test_the_file_of_an_own_bundle_is_received_without_a_second_set_of_rows(
    world: World, sender: User, receiver: User
) -> None:
    content = below_files(send(world, sender).path).read_bytes()

    received = receive_file(chunks=[content], arrival=ARRIVAL, by=receiver)

    assert received.referral_id == world[Referral].pk
    assert Debtor.objects.count() == 1


@pytest.mark.usefixtures("directory")
def test_only_the_court_it_is_sent_to_receives(world: World, sender: User) -> None:
    content = below_files(send(world, sender).path).read_bytes()

    for by in (sender, make_staff(Role.COURT_CLERK), make_staff(Role.BANKRUPTCY_JUDGE)):
        with pytest.raises(NotAllowed):
            receive(world, by)
        with pytest.raises(NotAllowed):
            receive_file(chunks=[content], arrival=ARRIVAL, by=by)

    assert not ReceivedBundle.objects.exists()


@pytest.mark.usefixtures("directory")
def test_nothing_is_received_before_it_is_sent(
    world: World, sender: User, receiver: User
) -> None:
    with pytest.raises(NotInState):
        receive(world, receiver)
    seal(world, sender)
    with pytest.raises(NotInState):
        receive(world, receiver)


@pytest.mark.usefixtures("directory")
def test_a_bundle_changed_on_its_way_leaves_nothing_behind(
    world: World, sender: User, receiver: User
) -> None:
    sealed = send(world, sender)
    content = bytearray(below_files(sealed.path).read_bytes())
    content[len(content) // 2] ^= 1

    with pytest.raises(Refused):
        receive_file(chunks=[bytes(content)], arrival=ARRIVAL, by=receiver)

    assert not ReceivedBundle.objects.exists()
    assert files_in("bundles") == [below_files(sealed.path)]
    assert Referral.objects.get().state == R.SENT


@pytest.mark.usefixtures("directory")
def test_a_failing_audit_undoes_receiving(
    world: World, sender: User, receiver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(world, sender)

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("audit")

    monkeypatch.setattr(receiving, "record", fails)
    with pytest.raises(RuntimeError):
        receive(world, receiver)

    assert not ReceivedBundle.objects.exists()
    assert Referral.objects.get().state == R.SENT


KILLED = """
import os, signal, sys
from zhipo.enforcement.bundle import storing
kept = storing.Incoming.keep
def keep_and_die(self, target):
    if sys.argv[2] == "after": kept(self, target)
    os.kill(os.getpid(), signal.SIGKILL)
storing.Incoming.keep = keep_and_die
from types import SimpleNamespace
from pathlib import Path
from django.conf import settings
settings.configure(ENVIRONMENT=SimpleNamespace(files=Path(sys.argv[1])))
storing.keep_content([b"one part", b" of a bundle"], Path(sys.argv[1], "files", "x"))
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_a_file_is_kept_it_is_there_whole_or_not_at_all(
    tmp_path: Path, when: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), when],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": ""},
        check=False,
    )

    assert done.returncode == -signal.SIGKILL
    there = tmp_path / "files" / "x"
    assert there.exists() == (when == "after")
    if there.exists():
        assert there.read_bytes() == b"one part of a bundle"
