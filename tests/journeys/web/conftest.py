"""Running cases (real processes, a database of their own) and a browser for each module.

The browser lives for a module, not longer: the loop it leaves running would forbid the
database to tests that come after it in the same process.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from installations import Kept, run_script
from journeys.web.sites import Site, Visitor, site_at
from ports import free_port
from web_ground import copy_folder
from wechat_sandbox import wechat_running
from zhipo.demo.processes import running
from zhipo.gateways.payouts.sandbox.plan import (
    CHANNELS,
    NOBODY,
    Plan,
    lay_out,
)
from zhipo.gateways.payouts.sandbox.plan import settings as channel_settings

HERE = Path(__file__).parent
CONSUMERS = 200
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
Visit = Callable[..., Visitor]


Running = Callable[..., AbstractContextManager[Site]]


@pytest.fixture(scope="session")
def run_site(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Running:
    """`run_site("name", days_ago=61)`: a case opened so many days ago, being served."""

    def run(name: str, **how: Any) -> AbstractContextManager[Site]:
        return _running_site(kept, tmp_path_factory.mktemp(name), **how)

    return run


@pytest.fixture(scope="session")
def site(run_site: Running) -> Iterator[Site]:
    """A case in its filing period."""
    with run_site("site", days_ago=10) as found:
        yield found


@pytest.fixture(scope="module")
def site_of_its_own(run_site: Running) -> Iterator[Site]:
    """A case whose filing period is over, which a module may table, confirm and close."""
    with run_site("own-site", days_ago=61) as found:
        yield found


@pytest.fixture(scope="module")
def busy_site(run_site: Running) -> Iterator[Site]:
    """A case after its filing period whose exports and bulk decisions are the worker's."""
    settings = {"ZHIPO_ROWS_AT_ONCE": "20", "ZHIPO_CLAIMS_AT_ONCE": "1"}
    with run_site("busy-site", days_ago=61, **settings) as found:
        yield found


@pytest.fixture(scope="module")
def register_site(run_site: Running) -> Iterator[Site]:
    """A case whose register is confirmed: money and plans are to come."""
    with run_site("register-site", days_ago=61, then="prepare_register.py") as found:
        yield found


@pytest.fixture(scope="module")
def paid_site(run_site: Running, channels: dict[str, str]) -> Iterator[Site]:
    """A case that is paying: one creditor for every state, WeChat set up, nobody asked."""
    then = "prepare_payments.py"
    with run_site("paid-site", days_ago=61, then=then, **channels) as found:
        yield found


@pytest.fixture(scope="module")
def cashier_site(run_site: Running, channels: dict[str, str]) -> Iterator[Site]:
    """A case with an approved plan, connected to WeChat Pay and Alipay."""
    then = "prepare_cashier.py"
    with run_site("cashier-site", days_ago=61, then=then, **channels) as found:
        yield found


@pytest.fixture(scope="session")
def channels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What says that the channels are set up, at an address where nobody answers."""
    keys = tmp_path_factory.mktemp("channels")
    lay_out(Plan(), keys)
    return channel_settings(keys, Plan(), addresses=dict.fromkeys(CHANNELS, NOBODY))


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


@contextmanager
def _running_site(
    kept: Kept, out: Path, *, days_ago: int, then: str = "", **settings: str
) -> Iterator[Site]:
    """A case opened so many days ago, brought on by the script `then`."""
    copy_folder(_prepared(kept, days_ago, then), out)
    ours = {"DATABASE_URL": ""}  # the embedded server of this home, whatever is around
    with wechat_running() as wechat:
        ours |= wechat.settings | settings
        with running(out / "home", port=free_port(), processes=1, settings=ours) as up:
            yield site_at(up.address, out, wechat)


def _prepared(kept: Kept, days_ago: int, then: str) -> Path:
    """The case with nothing running, to copy."""

    def open_case(out: Path) -> None:
        copy_folder(kept.bare_home(), out / "home")
        run_script(HERE / "prepare_case.py", out, CONSUMERS, days_ago)

    def bring_on(out: Path) -> None:
        copy_folder(_prepared(kept, days_ago, ""), out)
        run_script(HERE / then, out)

    return kept.once(f"case-{days_ago}{then}", bring_on if then else open_case)
