"""What holds for every test: the tools answer in Chinese unless a test says otherwise."""

import pytest


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "repo" not in request.path.parts:
        monkeypatch.setenv("ZHIPO_LANG", "zh")
