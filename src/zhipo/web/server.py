"""`zhipo serve` and `zhipo worker`: everything that must be ready, then the process."""

import os
import socket
from pathlib import Path

from zhipo.kernel.faults import Fault, Refused
from zhipo.web.environment import make_secrets
from zhipo.web.words import say


def prepare(home: Path) -> None:
    """Keys, database, migrations: whatever is missing is made."""
    os.environ["ZHIPO_HOME"] = str(home.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhipo.web.settings")
    if not all(os.environ.get(name) for name in ("ZHIPO_SECRET_KEY", "ZHIPO_DATA_KEY")):
        make_secrets(home)
    _set_up_django()
    from django.core.management import call_command

    from zhipo.web.database_role import as_owner

    with as_owner():
        call_command("migrate", verbosity=0, interactive=False)


def serve(*, home: Path, host: str, port: int, processes: int) -> None:
    """Serve the portals until the process is told to end. Raises Refused."""
    refuse_taken_port(host, port)
    prepare(home)
    _collect_static_files()
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "zhipo.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=4,
        websockets=False,
        log_access=False,
        respawn_failed_workers=True,  # one that was killed; the others go on meanwhile
    ).serve()


def work(*, home: Path) -> None:
    """Run jobs until the process is told to end."""
    prepare(home)
    from procrastinate.contrib.django import app

    # A second app with the same tasks: the worker's own pool waits for jobs, while the
    # acts put further jobs in line through Django's connection, in their transaction.
    working = app.with_connector(app.connector.get_worker_connector())
    working.run_worker(wait=True, concurrency=1)


def refuse_taken_port(host: str, port: int) -> None:
    """Raise Refused where another program listens at the address."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((host, port)) == 0:
            message = say("web.serve.port_taken", lang="zh", port=port)
            raise Refused([Fault("", 0, "--port", str(port), message)])


def _collect_static_files() -> None:
    """Before the web serves them, and by nobody else: they are written anew each time."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


def _set_up_django() -> None:
    import django

    django.setup()
