"""Write docs/reference from the code, or check that it is what the code says.

python tools/reference.py            write
python tools/reference.py --check    exit 1 and print the difference
"""

import difflib
import sys
from collections.abc import Callable
from pathlib import Path

from reference_api import api_page
from reference_cli import cli_page
from reference_ground import without_server
from reference_law import options_page, parameters_page, rules_page
from reference_powers import powers_page
from zhipo.law.registry import import_all

TARGET = Path(__file__).parents[1] / "docs" / "reference"
NOTE = "<!-- Written by `make docs` from the code: do not edit. -->\n\n"

PAGES: dict[str, Callable[[], str]] = {
    "rules.md": rules_page,
    "options.md": options_page,
    "parameters.md": parameters_page,
    "cli.md": cli_page,
    "powers.md": powers_page,
    "api.md": api_page,
}


def pages() -> dict[str, str]:
    """File name -> text of every generated page."""
    import_all()
    with without_server():
        return {name: NOTE + page().rstrip() + "\n" for name, page in PAGES.items()}


def differences() -> str:
    """What would change if the pages were written now; empty if nothing."""
    return "".join(_difference(TARGET / name, text) for name, text in pages().items())


def _difference(path: Path, text: str) -> str:
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = difflib.unified_diff(
        old.splitlines(keepends=True),
        text.splitlines(keepends=True),
        f"docs/reference/{path.name} (committed)",
        f"docs/reference/{path.name} (from the code)",
        n=1,
    )
    return "".join(lines)


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        found = differences()
        if found:
            print(found)
            print(
                "The reference is behind the code: run `make docs` and commit the result."
            )
        return 1 if found else 0
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (TARGET / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
