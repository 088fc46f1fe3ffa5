"""`zhipo audit verify` and `zhipo audit export`: the trail, from the database or a file."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from zhipo.audit.links import BrokenLink, first_broken_line
from zhipo.web.words import say

audit = typer.Typer(no_args_is_help=True, help="操作记录 · the audit trail")

BROKEN = 1
Home = Annotated[
    Path, typer.Option(envvar="ZHIPO_HOME", help="数据文件夹 · folder of data and keys")
]


@audit.command()
def verify(
    file: Annotated[
        Path | None, typer.Option(help="导出的文件 · an exported file, no database needed")
    ] = None,
    chain: Annotated[str | None, typer.Option(help="只校验一条链 · one chain only")] = None,
    home: Home = Path("var"),
) -> None:
    """校验每一条记录 · recompute every link; exit status 1 at the first that is broken."""
    if file is not None:
        if not file.is_file():
            print(say("audit.no_file", lang="zh", path=file), file=sys.stderr)
            raise typer.Exit(2)
        _tell(str(file), first_broken_line(file))
        return
    _prepare(home)
    from zhipo.audit.trail import chains, first_broken_link

    for name in [chain] if chain else chains():
        _tell(name, first_broken_link(name))


@audit.command()
def export(
    out: Annotated[Path, typer.Option("--out", help="JSONL 文件 · JSON lines")],
    chain: Annotated[str | None, typer.Option(help="只导出一条链 · one chain only")] = None,
    home: Home = Path("var"),
) -> None:
    """导出操作记录 · write the trail as JSON lines, whole or not at all."""
    _prepare(home)
    from zhipo.audit.export import write_trail
    from zhipo.audit.trail import chains

    count = write_trail([chain] if chain else chains(), out)
    print(say("audit.exported", lang="zh", count=count, path=out))


def _prepare(home: Path) -> None:
    from zhipo.web.server import prepare

    prepare(home)


def _tell(name: str, broken: object) -> None:
    """Say how one chain stands; end with status 1 where it is broken."""
    if not isinstance(broken, BrokenLink):
        print(say("audit.whole", lang="zh", chain=name))
        return
    print(
        say(
            "audit.broken",
            lang="zh",
            chain=broken.chain,
            position=broken.position,
            reason=broken.reason,
        ),
        file=sys.stderr,
    )
    raise typer.Exit(BROKEN)
