"""What the pages say is there in both languages, and is told everything it speaks of."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import pytest

from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.cases.phases import Phase
from zhipo.cases.powers import Act
from zhipo.claims.actions.unmasking import Purpose
from zhipo.claims.queries.register import HEADINGS
from zhipo.claims.states import (
    STATES,
    ClaimKind,
    EvidenceState,
    IdentityProof,
    ObjectionState,
    PayoutChannel,
)
from zhipo.kernel.phrases import table
from zhipo.law.review.decision import Decision, Reason
from zhipo.portals.public.views import TOPICS
from zhipo.web.words import PACKAGE, has, path_of

TABLES = {
    path.parent.name: path
    for path in sorted(PACKAGE.rglob("phrases.yaml"))
    if path_of(path.parent.name) == path
}
KEY = re.compile(rf"(?:{'|'.join(TABLES)})\.[a-z][a-z0-9_.]*")
SAY = re.compile(r"""\{%\s*say\s+(["'])(?P<key>[^"']+)\1(?P<rest>[^%]*)%\}""")
SAID = re.compile(r"""\|said:(["'])(?P<prefix>[^"']+)\1""")
GIVEN = re.compile(r"(\w+)=")
NO_PHRASES = (".csv", ".html", ".json", ".jsonl", ".log", ".parquet", ".yaml")
APART = frozenset({"migrations", "demo"})
"""The demonstration has a table of its own for the terminal."""

FAMILIES: dict[str, Iterable[str]] = {
    "audit.event": Event,
    "cases.act": Act,
    "cases.phase": Phase,
    "cases.role": [role for role in Role if role != Role.CREDITOR],
    "claims.channel": PayoutChannel,
    "claims.decision": Decision,
    "claims.evidence.state": EvidenceState,
    "claims.identity": IdentityProof,
    "claims.kind": ClaimKind,
    "claims.objection": ObjectionState,
    "claims.reason": Reason,
    "claims.state": STATES,
    "creditor.objection.state": ObjectionState,
    "desk.purpose": Purpose,
    "documents.heading": HEADINGS,
    "public.help.topic": TOPICS,
}
"""Prefix of keys -> all that may stand behind it."""


class Call(NamedTuple):
    """A place where a fixed phrase is said, with the names it is given (None: unknown)."""

    where: str
    key: str
    given: frozenset[str] | None


def calls() -> Iterator[Call]:
    """Every fixed phrase said in a template or in Python."""
    for path in sorted(PACKAGE.rglob("*.html")):
        for found in SAY.finditer(path.read_text(encoding="utf-8")):
            given = frozenset(GIVEN.findall(found["rest"]))
            yield Call(path.name, found["key"], given)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_said(node):
                yield _call(path, node)


def fixed_keys() -> Iterator[tuple[str, str]]:
    """Strings in Python that are keys by their looks: passed on, said elsewhere."""
    written = (one for one in PACKAGE.rglob("*.py") if one.parent.name not in APART)
    for path in sorted(written):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and KEY.fullmatch(value):
                yield path.name, value


@pytest.mark.parametrize("name", TABLES)
def test_both_languages_speak_of_the_same(name: str) -> None:
    differing = [
        key
        for key, row in table(TABLES[name]).items()
        if len({names_in(text) for text in row.values()}) != 1
    ]

    assert not differing


@pytest.mark.parametrize("name", TABLES)
def test_no_sentence_is_empty(name: str) -> None:
    assert [k for k, row in table(TABLES[name]).items() if not all(row.values())] == []


def test_what_is_said_exists() -> None:
    assert [call for call in calls() if not has(call.key)] == []


def test_what_is_said_is_told_all_it_speaks_of() -> None:
    lacking = [
        call
        for call in calls()
        if call.given is not None
        and has(call.key)
        and not _names_of(call.key) <= call.given
    ]

    assert not lacking


def test_keys_passed_on_exist() -> None:
    missing = [
        (where, key)
        for where, key in fixed_keys()
        if not has(key) and not key.endswith(NO_PHRASES) and not _is_beginning(key)
    ]

    assert not missing


@pytest.mark.parametrize("prefix", FAMILIES)
def test_every_member_of_a_family_has_its_word(prefix: str) -> None:
    missing = [str(one) for one in FAMILIES[prefix] if not has(f"{prefix}.{one}")]

    assert not missing


def test_every_prefix_in_a_template_leads_to_words() -> None:
    prefixes = {
        found["prefix"]
        for path in PACKAGE.rglob("*.html")
        for found in SAID.finditer(path.read_text(encoding="utf-8"))
    }

    assert prefixes
    assert [one for one in sorted(prefixes) if not _is_beginning(one)] == []


def names_in(text: str) -> frozenset[str]:
    """The names between braces of a sentence."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _names_of(key: str) -> frozenset[str]:
    app, name = key.split(".", 1)
    return names_in(table(path_of(app))[name]["zh"])


def _is_beginning(key: str) -> bool:
    """Whether keys begin so: `claims.state`, or `claims.refused.figure_` in an f-string."""
    app, _, rest = key.partition(".")
    beginning = rest if rest.endswith(("_", ".")) else f"{rest}."
    return any(one.startswith(beginning) for one in table(path_of(app)))


def _is_said(node: ast.Call) -> bool:
    if not (isinstance(node.func, ast.Name) and node.func.id == "say" and node.args):
        return False
    first = node.args[0]
    return isinstance(first, ast.Constant) and isinstance(first.value, str)


def _call(path: Path, node: ast.Call) -> Call:
    first = node.args[0]
    assert isinstance(first, ast.Constant)
    names = [keyword.arg for keyword in node.keywords]
    given = frozenset(name for name in names if name)
    return Call(path.name, str(first.value), None if None in names else given)
