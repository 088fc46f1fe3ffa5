"""Staff: password, then the six digits; locked out after five wrong tries."""

import re
import time

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from factories import make_staff
from zhipo.accounts import actions
from zhipo.accounts.models import ApiToken, Attempt, Session, User
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry

PASSWORD = "correct horse battery"
pytestmark = pytest.mark.django_db


@pytest.fixture
def judge() -> User:
    user = make_staff(Role.BANKRUPTCY_JUDGE)
    user.set_password(PASSWORD)
    user.save()
    return user


def code_of(user: User, *, step: int = 0) -> str:
    device = TOTPDevice.objects.get(user=user)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time() + 30 * step
    return f"{totp.token():06d}"


def enter_password(client: Client, user: User, password: str = PASSWORD) -> int:
    posted = {"login": user.login, "password": password}
    return client.post("/enter/", posted).status_code


def enrol(client: Client, user: User) -> None:
    enter_password(client, user)
    client.get("/enter/code")
    assert client.post("/enter/code", {"code": code_of(user)}).status_code == 302


def test_password_alone_opens_nothing(client: Client, judge: User) -> None:
    assert enter_password(client, judge) == 302

    answer = client.get("/enter/account")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/enter/code")


def test_first_sign_in_enrols_the_app_and_is_recorded(client: Client, judge: User) -> None:
    enrol(client, judge)

    assert client.get("/enter/account").status_code == 200
    assert Entry.objects.filter(event="second_factor_enrolled").count() == 1


def test_a_code_is_good_once(client: Client, judge: User) -> None:
    enrol(client, judge)
    code = code_of(judge, step=1)
    second, third = Client(), Client()
    enter_password(second, judge)
    enter_password(third, judge)

    assert second.post("/enter/code", {"code": code}).status_code == 302
    assert third.post("/enter/code", {"code": code}).status_code == 400


def test_wrong_password_is_counted_and_locks(client: Client, judge: User) -> None:
    for _ in range(5):
        assert enter_password(client, judge, "wrong") == 400

    answer = client.post("/enter/", {"login": judge.login, "password": PASSWORD})

    assert answer.status_code == 400
    assert "15" in answer.content.decode()
    assert Attempt.objects.filter(kind="sign_in_by_login", is_failure=True).count() == 5


def test_wrong_code_is_counted(client: Client, judge: User) -> None:
    enrol(client, judge)
    other = Client()
    enter_password(other, judge)

    for _ in range(5):
        other.post("/enter/code", {"code": "000000"})
    answer = other.post("/enter/code", {"code": code_of(judge, step=1)})

    assert answer.status_code == 400


def test_enrolled_person_is_not_enrolled_again(client: Client, judge: User) -> None:
    enrol(client, judge)
    thief = Client()
    enter_password(thief, judge)

    page = thief.get("/enter/code")

    assert b"svg" not in page.content
    session = Session.objects.filter(user=judge, is_second_factor_passed=False).get()
    with pytest.raises(actions.WrongCredentials):
        actions.finish_enrolment(session=session, code=code_of(judge, step=1))


def test_changed_password_signs_other_devices_out(client: Client, judge: User) -> None:
    enrol(client, judge)
    other = Client()
    enter_password(other, judge)

    posted = {"old": PASSWORD, "new": "another long secret 9"}
    assert client.post("/enter/account", posted).status_code == 302

    assert Session.objects.filter(user=judge).count() == 1


def test_weak_password_is_refused_with_its_reason(client: Client, judge: User) -> None:
    enrol(client, judge)

    answer = client.post("/enter/account", {"old": PASSWORD, "new": "12345"})

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_sign_out_everywhere_ends_every_session(client: Client, judge: User) -> None:
    enrol(client, judge)

    client.post("/enter/everywhere")

    assert not Session.objects.filter(user=judge).exists()


def test_token_is_shown_once_and_kept_as_hash(client: Client, judge: User) -> None:
    enrol(client, judge)

    page = client.post(
        "/enter/tokens", {"label": "export", "scopes": ["register:read"]}
    ).content.decode()
    token = ApiToken.objects.get()

    key = re.search(r"zp_[\w-]+", page)[0]
    assert token.token_hash == actions.token_hash(key)
    assert key not in client.get("/enter/account").content.decode()


def test_only_ones_own_token_is_revoked(client: Client, judge: User) -> None:
    enrol(client, judge)
    client.post("/enter/tokens", {"label": "export", "scopes": ["register:read"]})
    token = ApiToken.objects.get()
    stranger = make_staff(Role.COURT_CLERK)

    with pytest.raises(ApiToken.DoesNotExist):
        actions.revoke_token(token_id=token.pk, by=stranger)
    client.post(f"/enter/tokens/{token.pk}/revoke")

    token.refresh_from_db()
    assert token.revoked_at is not None


def test_next_never_leads_away(client: Client, judge: User) -> None:
    posted = {"login": judge.login, "password": PASSWORD, "next": "https://evil.example"}

    answer = client.post("/enter/", posted)

    assert "evil" not in answer["Location"]


def test_outbox_is_not_there_outside_of_a_demo(client: Client) -> None:
    assert client.get("/enter/outbox").status_code == 404
