"""The running case: database, web and worker, people who file, review, what came of it."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zhipo.demo.processes import HOST, Running, running
from zhipo.demo.steps import Clock
from zhipo.demo.words import words
from zhipo.kernel.faults import Fault, Refused
from zhipo.web.server import prepare, refuse_taken_port

if TYPE_CHECKING:
    from zhipo.demo.web_case import DemoCase
    from zhipo.demo.web_effect import WebEffect
    from zhipo.demo.web_filing import Person

KEPT = "demo-case.json"
ROUNDS = 50
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


def run_web(asked: Asked) -> "WebEffect":
    """Bring the case up, have it filled, print what came of it; serve until interrupted.

    A second run takes up the same home: who has filed is not asked again. Raises Refused
    for a taken port and for a home that holds a case of another size.
    """
    refuse_taken_port(HOST, asked.port)
    _refuse_other_case(asked)
    os.environ["ZHIPO_DEMO"] = "1"
    clock = Clock(asked.lang)
    with clock.step("prepare"):
        prepare(asked.home)
    codes = {"ZHIPO_CODES_PER_ADDRESS": CODES_AN_HOUR}
    with running(asked.home, port=asked.port, settings=codes) as up:
        demo, effect, people = _fill(asked, up, clock)
        _print(asked, up, demo, effect, people, clock)
        if asked.is_served:
            _serve(up, asked.lang)
    return effect


def _fill(
    asked: Asked, up: Running, clock: Clock
) -> "tuple[DemoCase, WebEffect, list[Person]]":
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
    return demo, effect, people


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
    asked: Asked,
    up: Running,
    demo: "DemoCase",
    effect: "WebEffect",
    people: "list[Person]",
    clock: Clock,
) -> None:
    from zhipo.demo.web_table import print_doors, print_web_effect

    print_web_effect(effect, clock.seconds, asked.lang)
    if asked.is_served:
        print_doors(
            up.address,
            slug=demo.case.slug,
            sign_ins=demo.sign_ins,
            phones=_phones(demo, people),
            lang=asked.lang,
        )


def _phones(demo: "DemoCase", people: "list[Person]") -> dict[str, str]:
    """A phone of somebody who has not filed, of one who has, and of one in doubt."""
    from zhipo.claims.queries.desk import silent

    waiting = silent(demo.case).order_by("pk").first()
    phones = {}
    if waiting is not None and waiting.holder is not None:
        phones["silent"] = waiting.holder.phone.removeprefix("+86")
    phones["filed"] = next(one.phone for one in people if not one.wrong)
    phones["doubtful"] = next(one.phone for one in people if one.wrong == "inflated")
    return phones


def _serve(up: Running, lang: str | None) -> None:
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
