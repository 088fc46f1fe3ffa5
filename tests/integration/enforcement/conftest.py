"""The ground of the enforcement stage's tests: a court on the inquiry network."""

from pathlib import Path

import pytest

from factories_inquiries import Bureau, make_bureau


@pytest.fixture
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """A court, its judge and case, six well-behaved institutions in this process."""
    return make_bureau(tmp_path, monkeypatch)


@pytest.fixture
def informed(bureau: Bureau) -> Bureau:
    """The same court after every institution has answered its query."""
    bureau.inquire()
    bureau.chase()
    return bureau
