"""How every command tells of faults on standard error: the first ten, a line each."""

import sys
from collections.abc import Sequence

from zhipo.kernel.faults import SHOWN, Fault


def show(faults: Sequence[Fault]) -> None:
    """Print the first faults with their places."""
    for fault in faults[:SHOWN]:
        print(f"  {fault}", file=sys.stderr)
