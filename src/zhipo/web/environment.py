"""What the environment says: where things are, which keys, which database.

Every value has a safe default. Secrets have none: they come from the environment or from
`secrets.json` in ZHIPO_HOME, which `zhipo serve` makes once, readable by its owner alone.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

SECRETS_FILE = "secrets.json"
SECRETS = ("ZHIPO_SECRET_KEY", "ZHIPO_DATA_KEY", "ZHIPO_LOOKUP_KEY")


class NotConfigured(RuntimeError):
    """A secret is neither in the environment nor in ZHIPO_HOME/secrets.json."""


@dataclass(frozen=True)
class Environment:
    """The settings that differ from one installation to the next."""

    home: Path
    secret_key: str
    data_key: str
    lookup_key: str
    database_url: str
    hosts: tuple[str, ...]
    is_https: bool
    is_demo: bool
    sms_gateway: str
    codes_per_address: int
    rows_at_once: int
    claims_at_once: int
    renews_freezes: bool

    @property
    def files(self) -> Path:
        """Where evidence and people's files are kept: outside of any web root."""
        return self.home / "files"


def read_environment() -> Environment:
    """The environment as it is now. Raises NotConfigured without the secrets."""
    home = Path(os.environ.get("ZHIPO_HOME", "var")).resolve()
    kept = _kept_secrets(home)
    found = {name: os.environ.get(name) or kept.get(name, "") for name in SECRETS}
    missing = [name for name in SECRETS if not found[name]]
    if missing:
        raise NotConfigured(
            f"{', '.join(missing)}: not in the environment, not in {home / SECRETS_FILE}."
            " `zhipo serve` makes the file; on a server of your own set them yourself."
        )
    return Environment(
        home=home,
        secret_key=found["ZHIPO_SECRET_KEY"],
        data_key=found["ZHIPO_DATA_KEY"],
        lookup_key=found["ZHIPO_LOOKUP_KEY"],
        database_url=os.environ.get("DATABASE_URL", ""),
        hosts=tuple(os.environ.get("ZHIPO_HOSTS", "127.0.0.1,localhost").split(",")),
        is_https=os.environ.get("ZHIPO_HTTPS", "") == "1",
        is_demo=os.environ.get("ZHIPO_DEMO", "") == "1",
        codes_per_address=int(os.environ.get("ZHIPO_CODES_PER_ADDRESS", "3000")),
        rows_at_once=int(os.environ.get("ZHIPO_ROWS_AT_ONCE", "2000")),
        claims_at_once=int(os.environ.get("ZHIPO_CLAIMS_AT_ONCE", "500")),
        renews_freezes=os.environ.get("ZHIPO_RENEW_EX_OFFICIO", "") == "1",
        sms_gateway=os.environ.get("ZHIPO_SMS", "zhipo.gateways.sms.SandboxSms"),
    )


def make_secrets(home: Path) -> None:
    """Write secrets.json with fresh keys, unless it is there already."""
    path = home / SECRETS_FILE
    if path.exists():
        return
    home.mkdir(parents=True, exist_ok=True)
    content = json.dumps({name: secrets.token_hex(32) for name in SECRETS}, indent=2)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)


def _kept_secrets(home: Path) -> dict[str, str]:
    path = home / SECRETS_FILE
    if not path.exists():
        return {}
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept
