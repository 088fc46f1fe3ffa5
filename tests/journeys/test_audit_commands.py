"""`zhipo audit` on a home of its own: prepared, exported, tampered with, found."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from installations import Kept
from web_ground import copy_folder

RECORD = """
import sys
from pathlib import Path
from zhipo.web.server import prepare
prepare(Path(sys.argv[1]))
from django.db import connection, transaction
from zhipo.audit.events import Event
from zhipo.audit.trail import record
for _ in range(3):
    with transaction.atomic():
        record(Event.CASE_OPENED, of="case", by=None)
with connection.cursor() as cursor:
    cursor.execute("SELECT session_user")
    print(cursor.fetchone()[0])
"""
TAMPER = """
import sys
from pathlib import Path
import psycopg
from zhipo.web.embedded import start
with psycopg.connect(start(Path(sys.argv[1]))) as owner:
    owner.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_refuse")
    owner.execute("UPDATE audit_entry SET subject = 'nothing' WHERE position = 2")
"""
OUTSIDE = ("DATABASE_URL", "DATABASE_APPLICATION_URL", "ZHIPO_TEST_DB")


def run(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key not in OUTSIDE}
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment | {"ZHIPO_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def audit(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return run("-m", "zhipo.cli", "audit", *arguments, home=home)


@pytest.fixture(scope="module")
def home(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared home with three entries, recorded under the application's role."""
    folder = tmp_path_factory.mktemp("home")
    copy_folder(kept.bare_home(), folder)
    recorded = run("-c", RECORD, str(folder), home=folder)
    assert recorded.stdout.strip() == "zhipo_app", recorded.stderr
    return folder


def test_trail_is_exported_verified_and_tampering_is_found(home: Path) -> None:
    out = home / "trail.jsonl"

    assert audit("verify", home=home).returncode == 0
    assert audit("export", "--out", str(out), home=home).returncode == 0
    assert audit("verify", "--file", str(out), home=home).returncode == 0

    out.write_text("".join(out.read_text("utf-8").splitlines(keepends=True)[:2]), "utf-8")
    cut_off = audit("verify", "--file", str(out), home=home)
    assert cut_off.returncode == 1
    assert "cut off" in cut_off.stderr

    assert run("-c", TAMPER, str(home), home=home).returncode == 0
    changed = audit("verify", home=home)
    assert changed.returncode == 1
    assert "system 第 2 条 (changed)" in changed.stderr


def test_only_the_web_writes_what_it_serves(home: Path) -> None:
    """Whatever else starts beside a running web leaves its static files alone."""
    audit("verify", home=home)

    assert not (home / "static").exists()
