"""A mapping as expressions: trimmed text cells to columns of the ledger, in one SQL query.

Written for DuckDB and run batch by batch, so that memory is bounded by the batch.
Amounts are DECIMAL from text to fen; nothing passes through a floating number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zhipo.engine.evidence.headers import Header, is_product, money_fields
from zhipo.engine.evidence.mapping import (
    FIELD_LISTS,
    SIGN,
    VALUE,
    Mapping,
    Table,
    amount_fields,
    named_fields,
)
from zhipo.engine.evidence.times import local_time, offset_time
from zhipo.kernel.money import MAX_FEN

NUMBER = r"[¥￥]?[-+−]?[¥￥]?([0-9]{1,20}|[0-9]{1,3}(,[0-9]{3}){1,6})([.][0-9]{1,9}0*)?元?"
WIDE = "DECIMAL(38,9)"
FACTOR, WIDE_FACTOR = "DECIMAL(16,6)", "DECIMAL(38,6)"
"""Factors are small enough that no product overflows, and wide enough to be multiplied."""
EMPTY = ("/", "\\N")
SPREADSHEET_NUMBER = r"[0-9]([.][0-9]+)?[eE][+][0-9]{2}"
MEANING = {
    "debtor": {"in": "top_up", "out": "refund"},
    "holder": {"in": "refund", "out": "top_up"},
}
"""What money into and out of the account means, by whose account it is."""
NO_HOLDER = "no_holder"
OTHER_COUNTERPARTY = "other_counterparty"


@dataclass(frozen=True)
class Stance:
    """How one source is looked at: whose account it is, and whom it concerns."""

    perspective: str
    holder: str = ""
    counterparties: tuple[str, ...] = ()
    year: tuple[int, int] | None = None


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


class Query:
    """The query of sources alike: `batch` (source, row, c0, …) to events, row by row."""

    def __init__(self, mapping: Mapping, header: Header, stance: Stance) -> None:
        self.mapping, self.header, self.stance = mapping, header, stance
        self.keys = header.layout.keys
        self.rules: list[Table] = list(self.keys["rows"])

    @property
    def sql(self) -> str:
        """One row out for each row in; `flaw` names what cannot be read, if anything."""
        return f"""
            WITH cells AS (SELECT source, "row", {self._key()},
                {", ".join(self._fields())} FROM batch),
            numbers AS (SELECT *, {", ".join(self._numbers())} FROM cells),
            valued AS (SELECT *, {self._value()} AS value FROM numbers),
            ruled AS (SELECT *, {self._rule()} AS rule FROM valued),
            measured AS (SELECT *, {self._amount()} AS amount, {self._at_text()} AS at_text,
                {self._holder()} AS holder_id FROM ruled),
            timed AS (SELECT *, {self._amount_fen()} AS fen,
                {local_time("at_text", self._at(), self.stance.year)} AS at_local,
                {offset_time("at_text", self._at())} AS at_instant,
                {self._left_out()} AS left_out FROM measured)
            SELECT *, {self._flaw()} AS flaw, {self._kind()} AS kind, {self._balance()}
            FROM timed
        """

    @property
    def tallies(self) -> str:
        """Counts and exact sums of the rows a mapping asks to be tallied."""
        columns = ["source"]
        for tally in self.mapping.keys.get("tallies", []):
            when = self._when(tally.get("when", {}))
            columns.append(f"count_if({when})")
            summed = self._number_of(tally["sum"]) if "sum" in tally else "NULL"
            columns.append(f"sum(CASE WHEN {when} THEN {summed} END)")
        return f"SELECT {', '.join(columns)} FROM judged GROUP BY source"

    @property
    def shape(self) -> tuple[object, ...]:
        """Sources of one shape can be judged together."""
        header = self.header
        return header.cells, header.layout.name, tuple(header.places.items()), self.stance

    def _key(self) -> str:
        cells = [f"c{place}" for place in range(len(self.header.cells))]
        turned = [*cells[1:], cells[0], "1"]
        return f"hash({', '.join(cells)}) AS key1, hash({', '.join(turned)}) AS key2"

    def _fields(self) -> Iterator[str]:
        empty = ", ".join(
            quoted(text) for text in (*EMPTY, *self.mapping.keys.get("empty", []))
        )
        whole = self.mapping.keys.get("whole_numbers", [])
        for name in self.header.layout.fields:
            if name not in self.header.places:
                yield f"CAST(NULL AS VARCHAR) AS f_{name}"
                continue
            text = f"c{self.header.places[name]}"
            if name in whole:
                text = f"regexp_replace({text}, '^([0-9]+)[.]0+$', '\\1')"
            test = f"regexp_full_match({text}, '-*') OR {text} IN ({empty})"
            yield f"CASE WHEN {test} THEN NULL ELSE {text} END AS f_{name}"

    def _number_fields(self) -> list[str]:
        tallied = [t["sum"] for t in self.mapping.keys.get("tallies", []) if "sum" in t]
        fields = [*money_fields(self.header.layout), *tallied]
        return [name for name in dict.fromkeys(fields) if name != VALUE]

    def _numbers(self) -> Iterator[str]:
        for name in self._number_fields():
            is_factor = is_product(self.header.layout, name)
            kind = FACTOR if is_factor else WIDE
            plain = f"translate(f_{name}, '−,+¥￥元', '-')"
            test = f"regexp_full_match(f_{name}, {quoted(NUMBER)})"
            number = f"CASE WHEN {test} THEN try_cast({plain} AS {kind}) END"
            if is_factor:
                number = f"CAST({number} AS {WIDE_FACTOR})"
            yield f"{number} AS n_{name}"

    def _value(self) -> str:
        """The amount with its sign; NULL where it cannot be read."""
        form = self.keys["amount"]
        if not isinstance(form, dict):
            return f"n_{form}"
        if "multiply" in form:
            return " * ".join(f"n_{name}" for name in form["multiply"])
        into, out = form["in"], form["out"]
        unread = " OR ".join(
            f"(f_{name} IS NOT NULL AND n_{name} IS NULL)" for name in (into, out)
        )
        both = f"(coalesce(n_{into}, 0) <> 0 AND coalesce(n_{out}, 0) <> 0)"
        neither = f"(f_{into} IS NULL AND f_{out} IS NULL)"
        difference = f"coalesce(n_{into}, 0) - coalesce(n_{out}, 0)"
        return f"CASE WHEN {unread} OR {both} OR {neither} THEN NULL ELSE {difference} END"

    def _number_of(self, name: str) -> str:
        return "value" if name == VALUE else f"n_{name}"

    def _rule(self) -> str:
        cases = [
            f"WHEN {self._when(rule.get('when', {}))} THEN {place}"
            for place, rule in enumerate(self.rules)
        ]
        return f"CASE {' '.join(cases)} END"

    def _when(self, tests: Table) -> str:
        return " AND ".join(f"({self._test(n, t)})" for n, t in tests.items()) or "true"

    def _test(self, name: str, test: Any) -> str:
        if name == SIGN:
            signs = {"positive": "value > 0", "negative": "value < 0", "zero": "value = 0"}
            return " OR ".join(f"coalesce({signs[sign]}, false)" for sign in test)
        if isinstance(test, list):
            listed = ", ".join(quoted(text) for text in test)
            return f"coalesce(f_{name} IN ({listed}), false)"
        parts = []
        if "not" in test:
            listed = ", ".join(quoted(text) for text in test["not"])
            parts.append(f"coalesce(f_{name} NOT IN ({listed}), false)")
        if "matches" in test:
            pattern = quoted(test["matches"])
            parts.append(f"coalesce(regexp_matches(f_{name}, {pattern}), false)")
        if "empty" in test:
            parts.append(f"f_{name} IS {'' if test['empty'] else 'NOT '}NULL")
        return " AND ".join(parts)

    def _amount(self) -> str:
        cases = [
            f"WHEN {place} THEN n_{rule['amount']}"
            for place, rule in enumerate(self.rules)
            if "amount" in rule
        ]
        return f"CASE rule {' '.join(cases)} ELSE value END" if cases else "value"

    def _amount_fen(self) -> str:
        return f"abs(amount) * {self.mapping.fen_per_unit}"

    def _at(self) -> Table:
        at = self.keys["at"]
        return at if isinstance(at, dict) else {"first_of": named_fields(at)}

    def _at_text(self) -> str:
        at = self._at()
        usual = joined(at["join"]) if "join" in at else first_of(at["first_of"])
        cases = [
            f"WHEN {place} THEN {first_of(rule['at'])}"
            for place, rule in enumerate(self.rules)
            if "at" in rule
        ]
        return f"CASE rule {' '.join(cases)} ELSE {usual} END" if cases else usual

    def _holder(self) -> str:
        if self.stance.holder:
            return quoted(self.stance.holder)
        key = "holder" if self.stance.perspective == "debtor" else "account"
        named = words(self.keys.get(key))
        fallback = self.mapping.keys.get("no_holder")
        return f"coalesce({named}, {quoted(fallback)})" if fallback else named

    def _left_out(self) -> str:
        """Why a row is no event, or NULL: another payee, a rule, nobody to book it to."""
        cases = []
        if self.stance.counterparties and self.stance.perspective == "holder":
            other = words(self.keys.get("counterparty"))
            tests = [f"contains({other}, {quoted(t)})" for t in self.stance.counterparties]
            nobody = f"NOT coalesce({' OR '.join(tests)}, false)"
            cases.append(f"WHEN {nobody} THEN {quoted(OTHER_COUNTERPARTY)}")
        for place, rule in enumerate(self.rules):
            if "leave_out" in rule:
                cases.append(f"WHEN rule = {place} THEN {quoted(rule['leave_out'])}")
        nobody = "rule IS NOT NULL AND holder_id IS NULL"
        cases.append(f"WHEN {nobody} THEN {quoted(NO_HOLDER)}")
        return f"CASE {' '.join(cases)} END"

    def _flaw(self) -> str:
        """What cannot be read, a letter each, as `misreadings.FLAWS` lists them."""
        signed = [
            str(p) for p, rule in enumerate(self.rules) if SIGN in rule.get("when", {})
        ]
        unsigned = f"rule NOT IN ({', '.join(signed)})" if signed else "true"
        tests = {
            "a": "amount IS NULL",
            "r": "amount IS NOT NULL AND rule IS NULL",
            "n": f"amount < 0 AND rule IS NOT NULL AND {unsigned}",
            "l": f"fen > {MAX_FEN}",
            "p": f"fen <= {MAX_FEN} AND fen <> round(fen, 0)"
            if self._refuses_parts()
            else "",
            "t": "coalesce(at_instant, at_local) IS NULL",
            "i": " OR ".join(self._spreadsheet_numbers()),
        }
        asked = {
            letter: f"coalesce({test}, false)" for letter, test in tests.items() if test
        }
        letters = [
            f"CASE WHEN {test} THEN '{key}' ELSE '' END" for key, test in asked.items()
        ]
        sound = f"left_out IS NOT NULL OR NOT ({' OR '.join(asked.values())})"
        return f"CASE WHEN {sound} THEN '' ELSE {' || '.join(letters)} END"

    def _spreadsheet_numbers(self) -> Iterator[str]:
        for key in ("holder", "account", "ref", "payer_account"):
            for name in named_fields(self.keys.get(key)):
                test = f"regexp_full_match(f_{name}, {quoted(SPREADSHEET_NUMBER)})"
                yield f"(contains(f_{name}, '+') AND {test})"

    def _refuses_parts(self) -> bool:
        return bool(self.mapping.keys.get("round", "refuse") == "refuse")

    def _kind(self) -> str:
        turned = MEANING[self.stance.perspective]
        cases = [
            f"WHEN {place} THEN {quoted(turned.get(str(rule['kind']), str(rule['kind'])))}"
            for place, rule in enumerate(self.rules)
            if "kind" in rule
        ]
        return f"CASE rule {' '.join(cases)} END" if cases else "CAST(NULL AS VARCHAR)"

    def _balance(self) -> str:
        balance = self.keys.get("balance")
        return f"{f'n_{balance}' if balance else 'CAST(NULL AS DECIMAL(38,9))'} AS balance"

    @property
    def events(self) -> str:
        """The rows judged sound, as columns of the ledger; the time local or an instant."""
        source = "lpad(CAST(source AS VARCHAR), 5, '0')"
        event_id = f"{source} || '-' || lpad(CAST(\"row\" AS VARCHAR), 9, '0') AS event_id"
        named = [f"{words(self.keys.get(key))} AS {key}" for key in FIELD_LISTS[3:]]
        return f"""SELECT {event_id}, holder_id, at_instant, at_local, kind,
            try_cast(round(fen, 0) AS BIGINT) AS fen, {", ".join(named)}
            FROM judged WHERE left_out IS NULL AND flaw = ''"""

    def amount_text(self) -> str:
        """The amount as it stands in the file, for a fault or a list."""
        names = amount_fields(self.keys["amount"])
        return f"concat_ws(' ', {', '.join(f'f_{name}' for name in names)})"

    def ruling_fields(self) -> list[str]:
        """The fields that decide what a row is."""
        names = [name for rule in self.rules for name in rule.get("when", {})]
        return [name for name in dict.fromkeys(names) if name != SIGN]


def first_of(names: list[str]) -> str:
    """The first of these fields that is not empty."""
    return f"coalesce({', '.join(f'f_{name}' for name in names)})"


def joined(names: list[str]) -> str:
    """These fields side by side, NULL where all are empty."""
    return f"nullif(concat_ws(' ', {', '.join(f'f_{name}' for name in names)}), '')"


def words(value: Any) -> str:
    """A text of the ledger: the first of some fields, several joined, or one for all."""
    if value is None:
        return "CAST(NULL AS VARCHAR)"
    if isinstance(value, dict):
        return quoted(value["text"]) if "text" in value else joined(value["join"])
    return first_of(named_fields(value))
