"""What holds for every test: Chinese answers, an embedded PostgreSQL, keys of its own."""

import os
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from installations import Kept, relieve_the_disk
from zhipo.web.embedded import database_url
from zhipo.web.environment import make_secrets

HOME = Path(__file__).resolve().parents[1] / "var" / "test"
os.environ.setdefault("ZHIPO_HOME", str(HOME))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhipo.web.settings")
make_secrets(Path(os.environ["ZHIPO_HOME"]))
Path(os.environ["ZHIPO_HOME"], "static").mkdir(parents=True, exist_ok=True)
django.setup()


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Chinese, whatever page another test has asked for in English in this process."""
    translation.deactivate()
    if "repo" not in request.path.parts:
        monkeypatch.setenv("ZHIPO_LANG", "zh")


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """What is made once for all processes of this run."""
    own = tmp_path_factory.getbasetemp()
    return Kept(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Before the database is made: the embedded server is ours, another one is not."""
    environment = settings.ENVIRONMENT
    if not environment.database_url:
        relieve_the_disk(database_url(environment.home))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that need real transactions empty the tables after themselves.

    The audit trail refuses that; its own test puts the trigger back before trying.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS audit_refuse_truncate ON audit_entry")
