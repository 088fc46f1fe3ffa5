"""Every page in Chinese and in English: no phrase missing, none in the other language.

What people write is data. In the English run it is in Latin script, so that the Chinese
left on a page comes from templates, phrases and the law: it may stand only in an element
that says it is Chinese (`lang`), as the law's text and the way to the Chinese pages do. In
the Chinese run, words in Latin letters are names of formats and keys, what people are
called, or code (`<code>`, `<kbd>`, `.mono`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from devices import device_of
from integration.web.addresses import (
    HALF_WAY,
    NOBODY,
    Address,
    World,
    addresses,
)
from integration.web.bureau_addresses import write_bureau_in_latin
from integration.web.payment_addresses import write_payments_in_latin
from zhipo.accounts.models import ApiToken, Organisation, User
from zhipo.accounts.roles import Role
from zhipo.accounts.scopes import Scope
from zhipo.cases.models import Case, Question
from zhipo.claims.models import Claim, Holder, Message, Objection, Paper
from zhipo.documents.models import Document
from zhipo.kernel.phrases import table
from zhipo.portals.access import ALL, MACHINES
from zhipo.web.words import PACKAGE

pytestmark = pytest.mark.django_db
CJK = re.compile(r"[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]+")
WORD = re.compile(r"[A-Za-z][A-Za-z'-]*[A-Za-z]")
SHOWN_ATTRIBUTES = {"alt", "aria-label", "label", "placeholder", "title"}
NOT_SHOWN = {"style", "script"}
CODE = {"code", "pre", "kbd"}
VOID = {"input", "meta", "link", "br", "img", "hr", "wbr", "col", "source"}
NUMBER = "(2026) X 0302 No. 1"
SAME_EVERYWHERE = {
    **dict.fromkeys(("CSV", "DOCX", "JSON", "PDF", "Parquet", "XLSX", "YAML"), "a format"),
    **dict.fromkeys(("Ctrl", "Ctrl-K", "Enter"), "a key, as it stands on the keyboard"),
    **dict.fromkeys(("MB", "SHA"), "a unit, a method"),
    **dict.fromkeys(("Celsius", "Farepak", "Gox", "Mt"), "a published case"),
    "UCI": "the archive from which a sample's format comes",
    "xianxiangjia": "an example of a name in an address",
    **dict.fromkeys(
        ("Allow", "Authorization", "Bearer", "Idempotency-Key", "Retry-After", "faults"),
        "the API's own names",
    ),
}
"""Words in Latin letters that Chinese sentences have too, and why."""

READERS = (
    Role.ADMINISTRATOR_LEAD, Role.BANKRUPTCY_JUDGE, Role.ENFORCEMENT_JUDGE, Role.CREDITOR,
)  # fmt: skip
NO_PAGE = {
    "health": "for a monitor",
    "api:openapi": "for programs",
    "bureau:bundle_file": "a file",
    "bureau:calendar_file": "a file",
    "bureau:institutions_template": "a file",
    "bureau:memo_document": "a file",
    "bureau:register_template": "a file",
    "court:petition_letter": "a file",
    "creditor:wechat": "sends on to WeChat",
    "desk:cases": "sends on to the only case",
    "court:received_bundle": "a file",
    "desk:evidence_errors": "a file",
    "desk:export_bill": "a file",
    "desk:export_costs": "a file",
    "desk:export_estate": "a file",
    "desk:ways_template": "a file",
    "desk:language": "sends back",
    "desk:bank_file": "a file",
    "desk:orders_csv": "a file",
    "desk:paper": "a file",
    "desk:queue": "sends on to the first claim",
    "desk:what_if_creditors": "answers terms that are tried, sends back without them",
    "public:published": "a file",
}
"""Addresses that show no page, and what they do instead."""

COLUMNS = ("holder_id", "name", "id_no", "phone", "payer_account")
"""The contract's names for the columns of the list of holders."""

IN_TABLES = {
    ("web", "language.other"): "the way to the other language, in its own words",
    ("desk", "figure.of"): "two figures, no words",
    ("demo", "other.filed"): "the name of a published case",
    ("demo", "other.doubtful"): "the name of a published case",
    ("demo", "other.days"): "the name of a published case",
    ("demo", "report.title"): "the name of the demonstration's case",
    ("demo", "report.paid_title"): "the name of the demonstration's case",
    ("demo", "report.other"): "the way to the other language, in its own words",
}
"""Sentences with words of the other script, and why."""


@dataclass(frozen=True)
class Shown:
    """Text that a reader sees or hears, and the language that its element says it is in."""

    text: str
    lang: str


class Page(HTMLParser):
    """The text of a page but for code."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[Shown] = []
        self._open: list[tuple[str, str, bool]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        _, outer, is_hidden = self._open[-1] if self._open else ("", "", False)
        lang = given.get("lang") or outer
        is_code = tag in CODE or "mono" in given.get("class", "").split()
        for name in SHOWN_ATTRIBUTES & given.keys():
            self._say(given[name], lang)
        if tag == "input" and given.get("type") == "submit":
            self._say(given.get("value", ""), lang)
        if tag not in VOID:
            hides = is_hidden or is_code or tag in NOT_SHOWN
            self._open.append((tag, lang, hides))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and not self._open[-1][2]:
            self._say(data, self._open[-1][1])

    def _say(self, text: str, lang: str) -> None:
        if text.strip():
            self.found.append(Shown(" ".join(text.split()), lang))


def as_it_stands(world: World) -> None:
    """One of everything, as the table of doors has it."""


def before_filing(world: World) -> None:
    """The claim waits for its creditor's tap."""
    Claim.objects.filter(pk=world.values["claim_id"]).update(
        state="prefilled", creditor=None, filed_at=None, filed_through=""
    )


def answered(world: World) -> None:
    """The claim is tabled, its objection answered."""
    lead, now = world.people[Role.ADMINISTRATOR_LEAD], timezone.now()
    Objection.objects.update(
        state="explained", answer="–", answered_by=lead, answered_at=now
    )
    Claim.objects.filter(pk=world.values["claim_id"]).update(
        state="tabled", decision="reduce", admitted_fen=1, reasons=["MATCH"],
        rules=["cn.ebl.57.1"], decided_at=now,
    )  # fmt: skip


State = Callable[[World], None]
STATES: tuple[State, ...] = (as_it_stands, before_filing, answered)


Reader = Callable[[State, str], list[tuple[Address, str]]]


@pytest.fixture(scope="module")
def kept_pages() -> dict[tuple[State, str], list[tuple[Address, str]]]:
    return {}


@pytest.fixture
def read(settings: Any, whole: World, kept_pages: dict[Any, Any]) -> Reader:
    """`read(state, lang)`: every page of the world in a state, once for all tests."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, is_demo=True)

    def read_in(state: State, lang: str) -> list[tuple[Address, str]]:
        if (state, lang) not in kept_pages:
            with transaction.atomic():
                state(whole)
                if lang == "en":
                    write_in_latin()
                kept_pages[state, lang] = list(pages_of(whole, lang))
                transaction.set_rollback(True)
        return kept_pages[state, lang]

    return read_in


@pytest.mark.parametrize("state", STATES)
def test_english_pages_have_no_chinese_but_what_says_so(state: State, read: Reader) -> None:
    left = [
        f"{one.name}: {shown.text[:60]}"
        for one, text in read(state, "en")
        for shown in Page(text).found
        if CJK.search(shown.text) and not shown.lang.startswith("zh")
    ]

    assert left == []


@pytest.mark.parametrize("state", STATES)
def test_chinese_pages_have_no_english_but_names(state: State, read: Reader) -> None:
    named = names_of_people()

    left = {
        f"{one.name}: {word} in {shown.text[:40]}"
        for one, text in read(state, "zh-hans")
        for shown in Page(text).found
        for word in WORD.findall(without(shown.text, named))
        if word not in SAME_EVERYWHERE and not shown.lang.startswith("en")
    }

    assert sorted(left) == []


@pytest.mark.parametrize("state", STATES)
def test_every_page_says_which_language_it_is_in(state: State, read: Reader) -> None:
    for lang, said in (("en", "en"), ("zh-hans", "zh-CN")):
        wrong = [
            one.name
            for one, text in read(state, lang)
            if "<html" in text and f'<html lang="{said}"' not in text
        ]
        assert wrong == []


def test_every_address_with_a_page_is_looked_at(read: Reader) -> None:
    """Over the three states, whatever answers a browser with a page has shown it."""
    seen = {one.name for state in STATES for one, _ in read(state, "en")}

    left = {one.name for one in addresses() if one.who != MACHINES} - seen
    assert left == set(NO_PAGE)


def test_every_sentence_is_in_its_own_script() -> None:
    wrong = {
        (path.parent.name, key)
        for path in PACKAGE.rglob("phrases*.yaml")
        for key, row in table(path).items()
        if CJK.search(row["en"]) or (WORD.search(row["zh"]) and not CJK.search(row["zh"]))
    }

    assert wrong == set(IN_TABLES)


def write_in_latin() -> None:
    """Everything that people wrote, in another script."""
    for number, case in enumerate(Case.objects.all()):
        new = f"{NUMBER}{number}"
        Document.objects.filter(chain=case.number).update(chain=new, title="Notice")
        Case.objects.filter(pk=case.pk).update(
            brand="Fresh", debtor="Fresh Ltd", number=new, administrator_address="Yuhu"
        )
    User.objects.update(code_word="blue pine", name="")
    Holder.objects.update(name="Ann Lee")
    Claim.objects.update(statement="words")
    for model in (Message, Objection, Question):
        model.objects.update(text="words")  # type: ignore[attr-defined]
    write_bureau_in_latin()
    write_payments_in_latin()


def names_of_people() -> list[str]:
    """What people, offices, files, columns and tokens are called: the longest first."""
    found = {
        *User.objects.values_list("login", flat=True),
        *Organisation.objects.values_list("name", flat=True),
        *Paper.objects.values_list("name", flat=True),
        *Claim.objects.values_list("receipt", flat=True),
        *ApiToken.objects.values_list("tail", flat=True),
        *Scope,
        *COLUMNS,
        "openapi.json",
    }
    return sorted(filter(None, found), key=len, reverse=True)


def without(text: str, names: list[str]) -> str:
    for name in names:
        text = text.replace(name, " ")
    return text


def pages_of(world: World, lang: str) -> Iterator[tuple[Address, str]]:
    """Every address that shows a page, refusals included; none is broken."""
    for one in addresses():
        if one.who == MACHINES:
            continue
        answer = browser(world, one, lang).get(one.filled(world.values))
        assert answer.status_code < 500, one.name
        kind = answer.headers.get("Content-Type", "")
        if kind.startswith("text/html") and answer.status_code != 302:
            yield one, answer.content.decode()


def browser(world: World, one: Address, lang: str) -> Client:
    """The browser of somebody whom the address lets in."""
    person = NOBODY
    if one.name == "entry:second_factor":
        person = HALF_WAY
    elif one.who not in (None, ALL):
        person = next(role for role in READERS if role in one.who)
    client = device_of(world.people[person], is_second_factor=person != HALF_WAY)
    client.cookies["zhipo_lang"] = lang
    return client
