"""The reference pages of the law: rules, options, dated parameters."""

import importlib
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from zhipo.kernel.options import OPTIONS, Option
from zhipo.kernel.parameters import Parameter, load
from zhipo.kernel.rules import CURRENT, Rule, Status, all_rules

SOURCE = Path(__file__).parents[1] / "src"

MEANING = {
    Status.V1: "the full text of the article was read",
    Status.V2: "read in an excerpt or a page that quotes it: check before printing",
    Status.U: "unverified: runs only with `needs_lawyer_check=True`, and its trace says so",
    Status.I: "interpretation: no text says it in so many words",
    Status.P: "policy of this project, not law",
}


def rules_page() -> str:
    """Every rule, grouped by the package it stands in."""
    rules = sorted(all_rules(), key=lambda rule: (rule.module, rule.id, rule.since))
    parts = [
        "# Rules 规则",
        "Every rule of law that the program applies: its article, the enactment's own "
        "sentence, how sure we are, since when it is in force, and the function that "
        "computes it. `……` marks what is left out of a sentence. “Sheet” is the row of "
        "the project's rule sheet. Worked cases for every rule are in `tests/law`.",
        _counts(rules),
    ]
    for package, members in groupby(rules, key=_package):
        parts.append(f"## {_title(package)}")
        parts += [_rule(rule) for rule in members]
    return "\n\n".join(parts)


def options_page() -> str:
    """What no text settles, and what is assumed unless told otherwise."""
    head = (
        "# Options 可选项\n\nWhat no text settles (I, interpretation) or what is this "
        "project's own choice (P, policy). A court or a creditors' meeting may set each "
        "otherwise; these are the defaults and their reasons."
    )
    rows = [_option_row(OPTIONS[name]) for name in sorted(OPTIONS)]
    columns = ("Option", "Default", "Choices", "Tag", "Sheet", "Reason")
    return f"{head}\n\n{table(columns, rows)}"


def parameters_page() -> str:
    """Dated numbers that an authority changes."""
    parts = [
        "# Parameters 参数",
        "Numbers that an authority changes, each with its day and its source. The value "
        "for a day is the last one on or before it; before the first there is none, and "
        "the program says so instead of guessing.",
    ]
    for path in sorted(SOURCE.rglob("*parameters*.yaml")):
        parts.append(
            f"## [`{path.relative_to(SOURCE)}`](../../src/{path.relative_to(SOURCE)})"
        )
        parts += [_parameter(one) for one in load(path).values()]
    return "\n\n".join(parts)


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    names = list(columns)
    lines = [_row(names), "|" + "---|" * len(names), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(one_line(cell).replace("|", "\\|") for cell in cells) + " |"


def one_line(text: str) -> str:
    return " ".join(text.split())


def _counts(rules: list[Rule]) -> str:
    count = Counter(rule.status for rule in rules)
    rows = [(f"`{tag}`", str(count[tag]), meaning) for tag, meaning in MEANING.items()]
    rows.append(("all", str(len(rules)), "in force or with dates of their own"))
    return table(("Tag", "Rules", "Meaning"), rows)


def _package(rule: Rule) -> str:
    return ".".join(rule.module.split(".")[:3])


def _title(package: str) -> str:
    doc = (importlib.import_module(package).__doc__ or package).strip()
    return f"{one_line(doc.split(chr(10) * 2)[0]).rstrip('.')} (`{package}`)"


def _rule(rule: Rule) -> str:
    path = f"src/{rule.module.replace('.', '/')}.py"
    if not (SOURCE.parent / path).exists():
        path = f"src/{rule.module.replace('.', '/')}/__init__.py"
    lines = [f"### `{rule.id}`", "", f"{rule.cite}"]
    if rule.text:
        lines += ["", f"> {one_line(rule.text)}"]
    lines += ["", f"{one_line(rule.promise)}", ""]
    facts = [
        f"[`{rule.function.__name__}`](../../{path})",
        f"tag `{rule.status}`",
        _in_force(rule),
    ]
    if rule.sheet:
        facts.append("sheet " + ", ".join(rule.sheet))
    lines.append(" · ".join(facts))
    if rule.reason:
        lines += ["", f"Reason: {one_line(rule.reason)}"]
    return "\n".join(lines)


def _in_force(rule: Rule) -> str:
    version = "" if rule.law_version == CURRENT else f" (version `{rule.law_version}`)"
    if rule.until is None:
        return f"since {rule.since}{version}"
    return f"from {rule.since} until before {rule.until}{version}"


def _option_row(option: Option[object]) -> tuple[str, ...]:
    choices = ", ".join(f"`{_shown(one)}`" for one in option.choices) or "any of its kind"
    return (
        f"`{option.id}`",
        f"`{_shown(option.default)}`",
        choices,
        str(option.status),
        option.sheet,
        option.reason,
    )


def _shown(value: object) -> str:
    return str(getattr(value, "value", value))


def _parameter(parameter: Parameter) -> str:
    rows = [
        (str(one.since), f"`{_plain(one.value)}`", one.cite) for one in parameter.values
    ]
    return "\n".join(
        (
            f"### `{parameter.id}`",
            "",
            f"{parameter.zh} · {parameter.en} ({parameter.unit}; tag `{parameter.status}`)",
            "",
            table(("Since", "Value", "Source"), rows),
        )
    )


def _plain(value: object) -> str:
    text = str(value)
    return text if len(text) <= 400 else text[:400] + " …"
