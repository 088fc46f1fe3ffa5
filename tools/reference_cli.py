"""The reference page of the commands, from the command line's own declarations."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from reference_law import one_line, table
from zhipo.cli import app

KINDS = {Path: "PATH", int: "INTEGER"}


def cli_page() -> str:
    """Every command with its arguments and options."""
    root = typer.main.get_command(app)
    parts = [
        "# Commands 命令",
        "Exit status: 0 done; 2 the input was refused, every fault in `errors.csv` and the "
        "first ten on stderr; 130 interrupted. Outputs appear whole or not at all. "
        "`ZHIPO_LANG=en` answers in English, Chinese is the default.",
    ]
    for name, command in commands(root):
        parts.append(_command(name, command))
    return "\n\n".join(parts)


def commands(group: Any, prefix: str = "zhipo") -> Iterator[tuple[str, Any]]:
    """Full name and command of everything that can be run, hidden ones left out."""
    members: dict[str, Any] = getattr(group, "commands", {})
    if not members:
        yield prefix, group
    for name in sorted(members):
        if not members[name].hidden:
            yield from commands(members[name], f"{prefix} {name}")


def _command(name: str, command: Any) -> str:
    given = [one for one in command.params if not getattr(one, "hidden", False)]
    usage = " ".join([name, *(_usage(one) for one in given), "[--help]"])
    text = "\n\n".join(one_line(part) for part in (command.help or "").split("\n\n"))
    rows = [(f"`{_names(one)}`", _default(one), _help(one)) for one in given]
    parts = [f"## `{name}`", text, f"```\n{usage}\n```"]
    if rows:
        parts.append(table(("Argument or option", "Default", "Meaning"), rows))
    return "\n\n".join(parts)


def _is_argument(parameter: Any) -> bool:
    return type(parameter).__name__ == "TyperArgument"


def _usage(parameter: Any) -> str:
    name = _names(parameter)
    if parameter.nargs == -1:
        name += " ..."
    elif not _is_argument(parameter) and not parameter.is_flag:
        name = f"{max(parameter.opts, key=len)} {_kind(parameter)}"
    elif not _is_argument(parameter):
        name = max(parameter.opts, key=len)
    return name if parameter.required else f"[{name}]"


def _kind(parameter: Any) -> str:
    """TEXT, INTEGER, PATH: what an option's annotation asks for."""
    annotation = parameter.type_descriptor.annotation
    return str(parameter.metavar or KINDS.get(annotation, "TEXT"))


def _names(parameter: Any) -> str:
    if _is_argument(parameter):
        return str(parameter.metavar or parameter.name).upper()
    return ", ".join([*parameter.opts, *parameter.secondary_opts])


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    value = parameter.default
    if value is None or value == () or callable(value) or "Sentinel" in repr(type(value)):
        return ""
    return f"`{getattr(value, 'value', value)}`"


def _help(parameter: Any) -> str:
    return str(getattr(parameter, "help", None) or "")
