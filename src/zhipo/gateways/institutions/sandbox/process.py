"""One institution as a process of its own:

    python -m zhipo.gateways.institutions.sandbox.process HOME PARTY SEED

It ends when its standard input does, so that it does not outlive whoever started it.
"""

import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from zhipo.gateways.institutions.nonces import NonceFile
from zhipo.gateways.institutions.sandbox.application import Application
from zhipo.gateways.institutions.sandbox.book import found
from zhipo.gateways.institutions.sandbox.controls import Controls
from zhipo.gateways.institutions.sandbox.desk import Desk
from zhipo.gateways.institutions.sandbox.letters import read_letters
from zhipo.gateways.institutions.sandbox.plan import PLAN, read_plan
from zhipo.gateways.institutions.sandbox.posting import Poster
from zhipo.gateways.sandboxes.processes import HOST, end_with_our_starter


class Server(ThreadingMixIn, WSGIServer):
    """One thread for each request: a slow court holds up no other."""

    daemon_threads = True
    request_queue_size = 128


class Quiet(WSGIRequestHandler):
    def log_message(self, *told: object) -> None:
        """Nothing: requests name debtors and accounts."""


def application(home: Path, party: str, *, seed: int) -> tuple[Application, Poster]:
    """An institution over the folder that `lay_out` has written, with its postman."""
    book = home / f"{party}.sqlite"
    found(book, read_plan(home / PLAN).respondent(party))
    letters = read_letters(home, party)
    desk = Desk(party=party, book=book, seed=seed)
    poster = Poster(desk, letters)
    made = Application(
        desk=desk,
        letters=letters,
        nonces=NonceFile(home / f"{party}.nonces.sqlite"),
        controls=Controls(book=book, seed=seed),
        wake=poster.bell.set,
    )
    return made, poster


def main(home: Path, party: str, seed: int) -> None:
    """Serve one institution until the process is told to end."""
    made, poster = application(home, party, seed=seed)
    address = made.letters.directory.party(party).address
    port = urlsplit(address).port
    assert port is not None
    with make_server(HOST, port, made, Server, Quiet) as server:
        poster.start()
        end_with_our_starter()
        server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
