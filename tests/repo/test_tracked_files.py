"""Nothing in the repository depends on the machine it was written on."""

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from sources import ROOT, texts

PLACES = re.compile(
    r"(?<![\w.])/(?:[w]ork|[r]oot|[h]ome|[o]pt|[U]sers|[m]nt)/(?=\w)|[C]:\\\\?Users"
)
REGISTRIES = re.compile(
    r"[p]ythonhosted|[p]ypi\.org/simple|[r]egistry\.npm|[d]eb\.debian|index[-]url|find[-]links",
    re.IGNORECASE,
)
ALLOWED_FLAG = "-".join(("--no-emit", "index", "url"))
PIN = re.compile(r"(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;]+)(?: ; .+)?")


def test_no_path_of_a_machine() -> None:
    assert list(_hits(PLACES)) == []


def test_no_address_of_a_registry() -> None:
    assert list(_hits(REGISTRIES)) == []


def test_lock_file_holds_pins_and_nothing_else() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if not PIN.fullmatch(line)] == []


def test_every_requirement_is_locked_within_its_bounds() -> None:
    pins = _pins()

    wrong = [
        str(requirement)
        for requirement in _requirements()
        if not any(
            requirement.specifier.contains(version, prereleases=True)
            for version in pins.get(canonicalize_name(requirement.name), [])
        )
    ]

    assert not wrong


def _hits(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line.replace(ALLOWED_FLAG, ""))
    ]


def _pins() -> dict[str, list[Version]]:
    pins: dict[str, list[Version]] = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        found = PIN.fullmatch(line)
        assert found is not None
        pins.setdefault(found["name"], []).append(Version(found["version"]))
    return pins


def _requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    extras = project["optional-dependencies"].values()
    return [
        Requirement(one) for group in [project["dependencies"], *extras] for one in group
    ]
