"""What somebody looks for, sealed into the page's address.

Names, telephones and identity numbers do not stand in an address or a log. The address
carries them encrypted under the installation's key, for the person who asked, until the
evening: the page stays one that can be reloaded, paged, sorted and gone back to.
"""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from zhipo.accounts.models import User
from zhipo.privacy.columns import Undecipherable, decrypt, encrypt

LONGEST = 120
GOOD_SECONDS = 12 * 3600


def sealed(text: str, *, by: User) -> str:
    """The search as it stands in an address; another each time, so that none is known."""
    content = json.dumps([by.pk, int(time.time()), text.strip()[:LONGEST]])
    return urlsafe_b64encode(encrypt(content)).decode().rstrip("=")


def opened(token: str, *, by: User) -> str:
    """What `by` asked for; empty where it was another, too long ago, or nothing of ours."""
    try:
        content = decrypt(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (Error, Undecipherable, ValueError):
        return ""
    if not content:
        return ""
    asked_by, asked_at, text = json.loads(content)
    is_good = asked_by == by.pk and time.time() - asked_at < GOOD_SECONDS
    return str(text) if is_good else ""
