"""A small distribution with everything in it, published once per test session."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from factories_distributions import PLAN, REGISTER, distribution
from zhipo.engine.proofs.publishing import publish


@pytest.fixture(scope="session")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """secret.hex and bundle/ of the small distribution: not to be changed."""
    folder = tmp_path_factory.mktemp("published")
    payments = distribution(folder, REGISTER, PLAN)
    secret = folder / "secret.hex"
    publish(payments, folder / "bundle", secret_file=secret, case="（2025）湘0302破3号")
    return folder


@pytest.fixture
def copied(published_once: Path, tmp_path: Path) -> Path:
    """A bundle to tamper with."""
    return Path(shutil.copytree(published_once / "bundle", tmp_path / "bundle"))


@pytest.fixture
def rewrite(copied: Path) -> Callable[[str, Callable[[Any], Any]], Path]:
    """Change a JSON file of the copied bundle by a function."""

    def change(name: str, by: Callable[[Any], Any]) -> Path:
        content = json.loads((copied / name).read_text(encoding="utf-8"))
        by(content)
        (copied / name).write_text(json.dumps(content), encoding="utf-8")
        return copied

    return change
