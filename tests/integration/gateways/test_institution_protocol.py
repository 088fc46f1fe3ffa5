"""The client against all six institutions over real HTTP, each misbehaviour among them."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from integration.gateways.institution_ground import (
    PARTIES,
    START,
    WALLET,
    WALLET_FEN,
    order_on,
    query_at,
)
from ports import free_ports
from zhipo.gateways.institutions.client import (
    BadAnswer,
    CourtClient,
    Received,
    Refused,
    Told,
    Unknown,
)
from zhipo.gateways.institutions.messages import Order, OrderState
from zhipo.gateways.institutions.moments import utc_now
from zhipo.gateways.institutions.nonces import NonceFile
from zhipo.gateways.institutions.refusals import Reason
from zhipo.gateways.institutions.sandbox.behaviour import Behaviour, Manner, drawn
from zhipo.gateways.institutions.sandbox.plan import Plan, read_plan
from zhipo.gateways.institutions.sandbox.running import (
    Institutions,
    running_institutions,
)
from zhipo.gateways.institutions.signing import Exchange, Raw, kept_headers

COURT = "court-yuhu"
CAUGHT = {
    Manner.FORGED: Reason.WRONG_SIGNATURE,
    Manner.OLD_KEY: Reason.KEY_NOT_VALID,
    Manner.YUAN: Reason.UNKNOWN_UNIT,
    Manner.YUAN_AS_FEN: Reason.AMOUNTS_DISAGREE,
    Manner.OTHER_DEBTOR: Reason.WRONG_DEBTOR,
    Manner.OTHER_ORDER: Reason.WRONG_ORDER,
}


@dataclass
class CourtsDoor:
    """Where institutions post answers: keeps every request as it came."""

    address: str = ""
    came: list[Raw] = field(default_factory=list)

    def for_order(self, order: Order, count: int) -> list[Raw]:
        """The posts for an order, once there are so many."""
        until = monotonic() + 20
        while monotonic() < until:
            path = str(order.order_id)
            found = [one for one in self.came if one.exchange.path.endswith(path)]
            if len(found) >= count:
                return found
            sleep(0.02)
        raise AssertionError(f"{len(found)} posts for {order.order_id}")


@contextmanager
def open_door() -> Iterator[CourtsDoor]:
    door = CourtsDoor()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = kept_headers(dict(self.headers.items()))
            door.came.append(Raw(Exchange("POST", self.path), headers, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *told: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    door.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield door
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def door() -> Iterator[CourtsDoor]:
    with open_door() as opened:
        yield opened


@pytest.fixture(scope="module")
def running(
    door: CourtsDoor, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Institutions]:
    home = tmp_path_factory.mktemp("institutions")
    base = free_ports(len(PARTIES))
    with running_institutions(home, port_base=base, plan=plan_for(door)) as institutions:
        institutions.set_clock(START)
        yield institutions


@pytest.fixture
def client(running: Institutions) -> Iterator[CourtClient]:
    made = CourtClient(running.court_key(COURT), running.directory)
    yield made
    made.http.close()


def plan_for(door: CourtsDoor) -> Plan:
    """The default plan; the court of Yuhu takes posts at the door."""
    plan = read_plan()
    first = plan.courts[0].model_copy(update={"address": door.address})
    return plan.model_copy(update={"courts": (first, *plan.courts[1:])})


def sent(client: CourtClient, order: Order) -> None:
    outcome = client.send(order)
    assert isinstance(outcome, Received), outcome


def told(client: CourtClient, order: Order) -> Told:
    outcome = client.ask(order)
    assert isinstance(outcome, Told), outcome
    return outcome


@pytest.mark.parametrize("party", PARTIES)
def test_each_institution_answers_and_its_answer_is_posted_as_well(
    client: CourtClient, door: CourtsDoor, party: str, tmp_path: Path
) -> None:
    order = query_at(party)
    nonces = NonceFile(tmp_path / "nonces.sqlite")

    sent(client, order)
    polled = told(client, order).status
    posted = door.for_order(order, 1)[0]
    verified = client.verify(posted, find_order={order.order_id: order}.get, nonces=nonces)
    again = client.verify(posted, find_order={order.order_id: order}.get, nonces=nonces)

    assert polled.state is OrderState.ANSWERED
    assert polled.answers[0].is_customer
    assert isinstance(verified, Told)
    assert verified.status.answers == polled.answers
    assert isinstance(again, BadAnswer)
    assert again.reason is Reason.REPLAYED


@pytest.mark.parametrize("party", PARTIES)
@pytest.mark.parametrize("manner", CAUGHT)
def test_wrong_reply_is_caught_and_kept_and_the_right_one_follows(
    running: Institutions, client: CourtClient, manner: Manner, party: str
) -> None:
    order = query_at(party)
    running.set_behaviour(party, Behaviour(manner=manner, times=2), order_id=order.order_id)

    sent(client, order)
    outcomes = [client.ask(order) for _ in range(3)]

    bad = [one for one in outcomes if isinstance(one, BadAnswer)]
    assert {one.reason for one in bad} == {CAUGHT[manner]}
    assert all(one.raw.body for one in bad)
    assert told(client, order).status.answers[0].is_customer


def test_wrong_post_is_caught_like_a_wrong_poll(
    running: Institutions, client: CourtClient, door: CourtsDoor, tmp_path: Path
) -> None:
    for manner, reason in CAUGHT.items():
        order = query_at("bank-north")
        behaviour = Behaviour(manner=manner)
        running.set_behaviour("bank-north", behaviour, order_id=order.order_id)
        sent(client, order)

        posted = door.for_order(order, 1)[0]
        outcome = client.verify(
            posted,
            find_order={order.order_id: order}.get,
            nonces=NonceFile(tmp_path / f"{manner}.sqlite"),
        )

        assert isinstance(outcome, BadAnswer)
        assert outcome.reason is reason


def test_post_about_an_order_nobody_sent_is_refused(
    client: CourtClient, door: CourtsDoor, tmp_path: Path
) -> None:
    order = query_at("bank-north")
    sent(client, order)
    posted = door.for_order(order, 1)[0]

    outcome = client.verify(
        posted, find_order=lambda _: None, nonces=NonceFile(tmp_path / "n")
    )

    assert isinstance(outcome, BadAnswer)
    assert outcome.reason is Reason.UNKNOWN_ORDER


def test_same_answer_twice_has_the_same_fingerprint(
    running: Institutions, client: CourtClient, door: CourtsDoor, tmp_path: Path
) -> None:
    order = query_at("bank-south")
    nonces = NonceFile(tmp_path / "n")
    running.set_behaviour(
        "bank-south", Behaviour(manner=Manner.TWICE), order_id=order.order_id
    )

    sent(client, order)
    posts = door.for_order(order, 2)

    outcomes = [
        client.verify(one, find_order={order.order_id: order}.get, nonces=nonces)
        for one in posts
    ]
    prints = {
        one.status.answers[0].fingerprint for one in outcomes if isinstance(one, Told)
    }
    assert len(outcomes) == 2
    assert len(prints) == 1
    assert all(isinstance(one, Told) for one in outcomes)


def test_different_second_answer_has_another_fingerprint_for_the_same_part(
    running: Institutions, client: CourtClient, door: CourtsDoor, tmp_path: Path
) -> None:
    order = query_at("wallet-blue")
    behaviour = Behaviour(manner=Manner.DIFFERENT_SECOND, times=1)
    running.set_behaviour("wallet-blue", behaviour, order_id=order.order_id)

    sent(client, order)
    polled = [told(client, order).status for _ in range(2)]
    nonces = NonceFile(tmp_path / "n")
    posted = [
        client.verify(one, find_order={order.order_id: order}.get, nonces=nonces)
        for one in door.for_order(order, 2)
    ]

    seen = polled + [one.status for one in posted if isinstance(one, Told)]
    assert {one.answers[0].part for one in seen} == {1}
    assert len({one.answers[0].fingerprint for one in seen}) == 2


def test_partial_answer_is_followed_by_the_rest(
    running: Institutions, client: CourtClient
) -> None:
    order = query_at("platform-mall")
    behaviour = Behaviour(manner=Manner.PARTIAL, hours=5)
    running.set_behaviour("platform-mall", behaviour, order_id=order.order_id)

    sent(client, order)
    first = told(client, order).status
    running.set_clock(only="platform-mall", hours=5)
    second = told(client, order).status

    assert (first.state, len(first.answers)) == (OrderState.WORKING, 1)
    assert (second.state, len(second.answers)) == (OrderState.ANSWERED, 2)
    targets = [
        one.target.reference for answer in second.answers for one in answer.holdings or ()
    ]
    assert sorted(targets) == ["DEP-7001", "SET-7001", "SHOP-7001"]


def test_scale_wrong_throughout_is_caught_by_the_echo_of_a_freeze(
    running: Institutions, client: CourtClient
) -> None:
    order = order_on(WALLET, amount=120_000)
    behaviour = Behaviour(manner=Manner.SCALED, times=1_000)
    running.set_behaviour("wallet-green", behaviour, order_id=order.order_id)

    sent(client, order)
    outcome = client.ask(order)

    assert isinstance(outcome, BadAnswer)
    assert outcome.reason is Reason.WRONG_ECHO


def test_silence_is_unknown_and_the_order_has_not_arrived(
    running: Institutions, client: CourtClient
) -> None:
    order = query_at("bank-north")
    running.set_behaviour(
        "bank-north", Behaviour(manner=Manner.SILENT), order_id=order.order_id
    )

    first, asked = client.send(order), client.ask(order)

    assert isinstance(first, Unknown)
    assert isinstance(asked, Refused)
    assert asked.problem.reason is Reason.UNKNOWN_ORDER
    sent(client, order)
    assert told(client, order).status.state is OrderState.ANSWERED


def test_lost_receipt_is_unknown_and_the_order_is_done_once(
    running: Institutions, client: CourtClient
) -> None:
    order = order_on("1600000002", amount=4_000)
    running.set_behaviour(
        "wallet-green", Behaviour(manner=Manner.RECEIPT_LOST), order_id=order.order_id
    )

    assert isinstance(client.send(order), Unknown)
    assert told(client, order).status.state is OrderState.ANSWERED
    sent(client, order)
    assert frozen_fen(running, "wallet-green", "1600000002") == 4_000


def test_order_without_an_answer_stays_received(
    running: Institutions, client: CourtClient
) -> None:
    order = query_at("bank-south")
    running.set_behaviour(
        "bank-south", Behaviour(manner=Manner.NEVER), order_id=order.order_id
    )

    sent(client, order)
    running.set_clock(only="bank-south", hours=24 * 60)

    assert told(client, order).status.state is OrderState.RECEIVED


def test_denied_customer_is_an_answer_that_only_other_evidence_contradicts(
    running: Institutions, client: CourtClient
) -> None:
    order = query_at("bank-north")
    running.set_behaviour(
        "bank-north", Behaviour(manner=Manner.NOT_CUSTOMER), order_id=order.order_id
    )

    sent(client, order)

    assert not told(client, order).status.answers[0].is_customer


def test_nobody_listening_is_unknown(running: Institutions) -> None:
    parties = tuple(
        one.model_copy(update={"address": "http://127.0.0.1:9"})
        for one in running.directory.parties
    )
    directory = running.directory.model_copy(update={"parties": parties})
    client = CourtClient(running.court_key(COURT), directory)

    assert isinstance(client.send(query_at("bank-north")), Unknown)


def test_clock_of_the_court_beyond_the_window_is_refused_as_stale(
    running: Institutions,
) -> None:
    client = CourtClient(
        running.court_key(COURT),
        running.directory,
        clock=lambda: utc_now() - timedelta(minutes=6),
    )

    outcome = client.send(query_at("bank-north"))

    assert isinstance(outcome, BadAnswer | Refused)
    reason = outcome.reason if isinstance(outcome, BadAnswer) else outcome.problem.reason
    assert reason is Reason.STALE


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/zhipo-inquiry/v1/orders", b"{}"),
        ("GET", "/zhipo-inquiry/v1/orders/1", b""),
        ("GET", "/", b""),
        ("PUT", "/zhipo-inquiry/v1/orders", b"x"),
        ("POST", "/sandbox/clock", b"{"),
        ("POST", "/sandbox/nothing", b"{}"),
    ],
)
def test_unsigned_and_unknown_requests_are_refused(
    running: Institutions, method: str, path: str, body: bytes
) -> None:
    address = running.directory.party("bank-north").address

    response = httpx.request(method, f"{address}{path}", content=body, trust_env=False)

    assert response.is_client_error
    assert response.json()


def test_one_order_sent_at_once_by_many_is_one_freeze(
    running: Institutions, client: CourtClient
) -> None:
    order = order_on("2088000000000011", amount=7_000)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: client.send(order), range(16)))

    receipts = {one.receipt.receipt_id for one in outcomes if isinstance(one, Received)}
    assert all(isinstance(one, Received) for one in outcomes)
    assert len(receipts) == 1
    assert frozen_fen(running, "wallet-blue", "2088000000000011") == 7_000


def test_killed_institutions_have_lost_nothing_and_doubled_nothing(
    running: Institutions, client: CourtClient
) -> None:
    """Freezes sent while the process is killed again and again; then all are asked for."""
    orders = [order_on("6225000000000202", amount=100 + n) for n in range(24)]
    with ThreadPoolExecutor(2) as pool:
        first_tries = pool.map(client.send, orders)
        for _ in range(3):
            sleep(0.05)
            running.kill("bank-south")
            running.start("bank-south")
        receipts = {
            order.order_id: outcome.receipt
            for order, outcome in zip(orders, first_tries, strict=True)
            if isinstance(outcome, Received)
        }

    for order in orders:
        again = client.send(order)
        assert isinstance(again, Received)
        assert receipts.get(order.order_id, again.receipt) == again.receipt
    book = running.book("bank-south")
    assert sorted(one["freeze_order"] for one in book["freezes"]) == sorted(
        str(order.order_id) for order in orders
    )
    expected = sum(order.amount.value for order in orders if order.amount)
    assert frozen_fen(running, "bank-south", "6225000000000202") == expected


def test_behaviour_is_the_same_for_the_same_seed_and_prompt_for_none() -> None:
    def manners(seed: int) -> list[Behaviour]:
        return [drawn(seed=seed, party="bank-north", order_id=str(n)) for n in range(200)]

    assert manners(7) == manners(7)
    assert manners(7) != manners(8)
    assert {one.manner for one in manners(0)} == {Manner.PROMPT}
    by_hand = {Manner.NEVER, Manner.NOT_CUSTOMER}
    assert {one.manner for one in manners(7)} == set(Manner) - by_hand


def test_plan_holds_the_money_it_says() -> None:
    wallet = read_plan().respondent("wallet-green")

    assert sum(one.fen for one in wallet.objects[0].movements) == WALLET_FEN


def frozen_fen(running: Institutions, party: str, reference: str) -> int:
    return next(
        int(one["frozen"]["value"])
        for one in running.book(party)["holdings"]
        if one["target"]["reference"] == reference
    )
