"""The running case: database, web and worker, people who file, review, who is paid."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from zhipo.demo.court_start import INSTITUTIONS, Begun, begun_at_court
from zhipo.demo.processes import HOST, Running, running
from zhipo.demo.steps import Clock
from zhipo.demo.words import words
from zhipo.kernel.faults import Fault, Refused
from zhipo.web.server import prepare, refuse_taken_port

if TYPE_CHECKING:
    from zhipo.cases.models import Case
    from zhipo.demo.web_effect import WebEffect
    from zhipo.demo.web_end import End

KEPT = "demo-case.json"
ROUNDS = 50
CHANNELS_FROM, CHANNELS = 1, 3
CODES_AN_HOUR = "1000000"
"""All consumers of the demonstration come from one address, which no crowd does."""


@dataclass(frozen=True)
class Asked:
    """What the demonstration is to be; `by_http` consumers file over HTTP."""

    out: Path
    consumers: int
    port: int = 8000
    by_http: int = 1_000
    is_served: bool = True
    lang: str | None = None

    @property
    def home(self) -> Path:
        return (self.out / "home").resolve()

    @property
    def first_channel(self) -> int:
        """The first of the three ports on which the payout channels answer."""
        return self.port + CHANNELS_FROM

    @property
    def first_institution(self) -> int:
        """The first of the six ports on which the institutions answer."""
        return self.first_channel + CHANNELS


def run_web(asked: Asked) -> "End":
    """Have the case filed in, reviewed and paid, print what came of it; then serve it.

    A second run takes up the same home: who has filed is not asked again, who is paid is
    not paid again. Raises Refused for a taken port and for a home that holds a case of
    another size.
    """
    for port in range(asked.port, asked.first_institution + INSTITUTIONS):
        refuse_taken_port(HOST, port)
    _refuse_other_case(asked)
    os.environ["ZHIPO_DEMO"] = "1"
    clock = Clock(asked.lang)
    with clock.step("prepare"):
        prepare(asked.home)
    ports = (asked.port, asked.first_institution)
    with begun_at_court(
        home=asked.home, out=asked.out, consumers=asked.consumers, ports=ports, clock=clock
    ) as begun:
        return _go_on(asked, begun, clock)


def _go_on(asked: Asked, begun: Begun, clock: Clock) -> "End":
    """From the accepted case until everybody is paid, and on as long as it is served."""
    from zhipo.demo.web_end import filed_case, finish
    from zhipo.demo.web_payouts import running_channels

    case, effect = filed_case(), None
    if case is None:
        case, effect = _filed(asked, clock)
    channels_home = asked.home / "payouts"
    with running_channels(channels_home, port_base=asked.first_channel) as channels:
        end = finish(
            case, consumers=asked.consumers, channels=channels, out=asked.out, clock=clock
        )
        _print(asked, begun, effect, end, clock)
        if asked.is_served:
            begun.set_clock_of_today()
            channels.set_clock(datetime.now(UTC))
            _serve(asked, case)
    return end


def _filed(asked: Asked, clock: Clock) -> "tuple[Case, WebEffect]":
    """The case filled in on its days, over a web whose clock is turned back as well."""
    from zhipo.demo import past
    from zhipo.demo.days import opened_on

    opened = past.morning_of(opened_on())
    codes = {"ZHIPO_CODES_PER_ADDRESS": CODES_AN_HOUR}
    settings = {**codes, **past.settings_at(opened)}
    with (
        past.at(opened),
        running(asked.home, port=asked.port, settings=settings) as up,
    ):
        return _fill(asked, up, clock)


def _fill(asked: Asked, up: Running, clock: Clock) -> "tuple[Case, WebEffect]":
    from zhipo.demo.consumers import file_over_http
    from zhipo.demo.web_case import SLUG, open_demo_case
    from zhipo.demo.web_effect import effect_of
    from zhipo.demo.web_filing import by_hand, claims_of, file_in_bulk, people_of

    with clock.step("open"):
        demo = open_demo_case(home=asked.home, out=asked.out, consumers=asked.consumers)
    _keep(asked)
    people = people_of(asked.out / "case")
    claims = claims_of(demo.case)
    chosen = by_hand(people, asked.by_http)
    phones = [one.phone for one in chosen if not claims[one.holder_id].is_filed]
    with clock.step("http") as shown:
        file_over_http(up.address, SLUG, phones, told=shown.count)
    with clock.step("bulk") as shown:
        file_in_bulk(demo.case, people, told=shown.count)
    with clock.step("decide") as shown:
        _review(demo.case.pk, shown.count)
    with clock.step("measure"):
        effect = effect_of(demo.case, out=asked.out)
    return demo.case, effect


def _review(case_id: int, told: Callable[[int, int], None]) -> None:
    """Review until nothing filed is undecided; the worker may be at it as well."""
    from zhipo.cases.models import Case
    from zhipo.claims.actions.reviewing import review_filed
    from zhipo.claims.queries.desk import figures

    case = Case.objects.get(pk=case_id)
    for _ in range(ROUNDS):
        review_filed(case_id=case_id)
        found = figures(case)
        told(found.filed - found.undecided, found.filed)
        if not found.undecided:
            return
        time.sleep(1)


def _print(
    asked: Asked, begun: Begun, effect: "WebEffect | None", end: "End", clock: Clock
) -> None:
    """The tables; of filing only in the run in which it was done."""
    from zhipo.demo.court_table import print_court
    from zhipo.demo.web_paid_table import print_paid
    from zhipo.demo.web_report import PAGE, write_paid_report
    from zhipo.demo.web_table import print_seconds, print_web_effect

    print_court(begun.effect, address=f"http://{HOST}:{asked.port}", lang=asked.lang)
    if effect is not None:
        print_web_effect(effect, asked.lang)
    write_paid_report(end, asked.out / PAGE, lang=asked.lang)
    print_paid(end.paid, end.checked, out=asked.out, lang=asked.lang)
    print_seconds(clock.seconds, asked.lang)


def _serve(asked: Asked, case: "Case") -> None:
    """Web and worker as of today, over what has happened, until they are interrupted."""
    from zhipo.demo.web_doors import phones, sign_ins
    from zhipo.demo.web_table import print_doors

    with running(asked.home, port=asked.port) as up:
        print_doors(
            up.address,
            slug=case.slug,
            sign_ins=sign_ins(asked.home),
            phones=phones(case, asked.out / "case"),
            lang=asked.lang,
        )
        _wait(up, asked.lang)


def _wait(up: Running, lang: str | None) -> None:
    print(words("web.serving", lang=lang, address=up.address), flush=True)
    try:
        up.wait()
    except KeyboardInterrupt:
        print(words("web.ending", lang=lang), flush=True)
        return
    raise Refused([Fault("", 0, "", "", words("web.ended", lang=lang))])


def _refuse_other_case(asked: Asked) -> None:
    """A home of another size is nobody's to throw away but its owner's."""
    kept = asked.home / KEPT
    if not kept.exists():
        return
    known = json.loads(kept.read_text(encoding="utf-8"))["consumers"]
    if known != asked.consumers:
        said = words("web.other_case", home=asked.home, known=known)
        raise Refused([Fault("", 0, "--consumers", str(asked.consumers), said)])


def _keep(asked: Asked) -> None:
    content = json.dumps({"consumers": asked.consumers}) + "\n"
    (asked.home / KEPT).write_text(content, encoding="utf-8")
