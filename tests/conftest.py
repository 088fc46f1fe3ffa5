"""What holds for every test: Chinese answers, an embedded PostgreSQL, keys of its own."""

import os
from pathlib import Path

import django
import pytest

from zhipo.web.environment import make_secrets

HOME = Path(__file__).resolve().parents[1] / "var" / "test"
os.environ.setdefault("ZHIPO_HOME", str(HOME))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhipo.web.settings")
make_secrets(Path(os.environ["ZHIPO_HOME"]))
django.setup()


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "repo" not in request.path.parts:
        monkeypatch.setenv("ZHIPO_LANG", "zh")
