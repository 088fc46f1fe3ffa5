"""Running cases (real processes, a database of their own) and a browser for each module.

The browser lives for a module, not longer: the loop it leaves running would forbid the
database to tests that come after it in the same process.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from journeys.web.sites import Site, Visitor, site_at
from ports import free_port
from surroundings import plain_environment
from wechat_sandbox import wechat_running
from zhipo.demo.processes import running
from zhipo.gateways.payouts.sandbox.plan import (
    CHANNELS,
    NOBODY,
    Plan,
    lay_out,
)
from zhipo.gateways.payouts.sandbox.plan import settings as channel_settings

CONSUMERS = 200
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A case in its filing period."""
    with _running_site(tmp_path_factory.mktemp("site"), days_ago=10) as found:
        yield found


@pytest.fixture(scope="module")
def site_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A case whose filing period is over, which a module may table, confirm and close."""
    with _running_site(tmp_path_factory.mktemp("own-site"), days_ago=61) as found:
        yield found


@pytest.fixture(scope="module")
def busy_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A case after its filing period whose exports and bulk decisions are the worker's."""
    out = tmp_path_factory.mktemp("busy-site")
    settings = {"ZHIPO_ROWS_AT_ONCE": "20", "ZHIPO_CLAIMS_AT_ONCE": "1"}
    with _running_site(out, days_ago=61, **settings) as found:
        yield found


@pytest.fixture(scope="module")
def register_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A case whose register is confirmed: money and plans are to come."""
    out = tmp_path_factory.mktemp("register-site")
    with _running_site(out, days_ago=61, then=("prepare_register.py",)) as found:
        yield found


@pytest.fixture(scope="module")
def paid_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A case that is paying: one creditor for every state, WeChat set up, nobody asked."""
    out = tmp_path_factory.mktemp("paid-site")
    then = ("prepare_payments.py",)
    with _running_site(out, days_ago=61, then=then, **_connected(out)) as found:
        yield found


@pytest.fixture(scope="module")
def cashier_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A case with an approved plan, connected to WeChat Pay and Alipay."""
    out = tmp_path_factory.mktemp("cashier-site")
    then = ("prepare_cashier.py",)
    with _running_site(out, days_ago=61, then=then, **_connected(out)) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("no Chromium: tools/ensure_chromium.sh says how to get one")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Somebody new at a screen: `visit("phone", lang="en")`."""
    came: list[Visitor] = []

    def come(width: str, *, at: Site = site, **how: Any) -> Visitor:
        came.append(Visitor(browser, at, width=width, **how))
        return came[-1]

    yield come
    for visitor in came:
        visitor.leaves()


def _connected(out: Path) -> dict[str, str]:
    """What says that the channels are set up, at an address where nobody answers."""
    keys = out / "channels"
    lay_out(Plan(), keys)
    return channel_settings(keys, Plan(), addresses=dict.fromkeys(CHANNELS, NOBODY))


@contextmanager
def _running_site(
    out: Path, *, days_ago: int, then: tuple[str, ...] = (), **settings: str
) -> Iterator[Site]:
    """A case opened so many days ago, brought on by the scripts of `then`."""
    first = ("prepare_case.py", str(out), str(CONSUMERS), str(days_ago))
    for name, *given in (first, *((one, str(out)) for one in then)):
        script = str(Path(__file__).with_name(name))
        command = [sys.executable, script, *given]
        subprocess.run(command, check=True, env=plain_environment())
    ours = {"DATABASE_URL": ""}  # the embedded server of this home, whatever is around
    with wechat_running() as wechat:
        ours |= wechat.settings | settings
        with running(out / "home", port=free_port(), processes=1, settings=ours) as up:
            yield site_at(up.address, out, wechat)
