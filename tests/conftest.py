"""What holds for every test: Chinese answers, an embedded PostgreSQL, keys of its own."""

import os
from pathlib import Path

import pytest

from zhipo.web.environment import make_secrets

HOME = Path(__file__).resolve().parents[1] / "var" / "test"
os.environ.setdefault("ZHIPO_HOME", str(HOME))
os.environ.setdefault("PYTHONWARNINGS", "ignore::UserWarning")
make_secrets(Path(os.environ["ZHIPO_HOME"]))


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "repo" not in request.path.parts:
        monkeypatch.setenv("ZHIPO_LANG", "zh")
