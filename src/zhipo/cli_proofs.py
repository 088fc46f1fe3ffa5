"""`zhipo publish`, `prove` and `verify`: checkable sums, no database needed."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from zhipo.cli_faults import show
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused
from zhipo.kernel.money import yuan_text

DOES_NOT_HOLD, REFUSED = 1, 2
Secret = Annotated[
    Path, typer.Option("--secret", help="密钥文件，不公开 · the secret, never published")
]


def add_commands(app: typer.Typer) -> None:
    """Make the three commands part of `zhipo`."""
    for command in (publish, prove, verify):
        app.command()(command)


def publish(
    payments: Annotated[Path, typer.Option(help="分配结果 · folder of `zhipo distribute`")],
    secret: Secret,
    out: Annotated[Path, typer.Option("--out", help="公示的文件夹 · folder to publish")],
    case: Annotated[str, typer.Option(help="案号 · number of the case")] = "",
) -> None:
    """公示分配：人人可核对的总表 · a distribution as a bundle that anyone can check."""
    from zhipo.engine.proofs.publishing import publish as write

    try:
        statement = write(payments, out, secret_file=secret, case=case)
    except Refused as refused:
        _refuse(refused)
    print(_holds(statement.root, statement.claims, statement.received_fen))


def prove(
    claim_id: Annotated[str, typer.Argument(help="债权编号 · claim id")],
    bundle: Annotated[Path, typer.Option(help="公示的文件夹 · the published folder")],
    secret: Secret,
    out: Annotated[Path, typer.Option("--out", help="凭证文件 · PROOF.json")],
) -> None:
    """出具凭证：一笔债权在总表之中 · the proof that a claim is in the published sum."""
    from zhipo.engine.proofs.proving import prove as write

    try:
        write(claim_id, bundle=bundle, secret_file=secret, out=out)
    except Refused as refused:
        _refuse(refused)


def verify(
    path: Annotated[Path, typer.Argument(help="凭证或公示的文件夹 · proof.json or bundle")],
    statement: Annotated[
        Path | None, typer.Option(help="公示的 statement.json · as published")
    ] = None,
) -> None:
    """核对：凭证或整个公示 · check a proof or a whole bundle; exit status 1 if it fails."""
    try:
        faults, root, claims, fen = _found(path, statement)
    except Refused as refused:
        _refuse(refused)
    if faults:
        print(words("proof.fails", count=len(faults)), file=sys.stderr)
        show(faults)
        raise typer.Exit(DOES_NOT_HOLD)
    print(_holds(root, claims, fen))


def _found(path: Path, statement: Path | None) -> tuple[list[Fault], str, int, int]:
    """(faults, root, claims, fen paid and reserved) of a bundle or a proof."""
    from zhipo.engine.proofs.checks import faults_of
    from zhipo.engine.proofs.proving import unlike_published, verify_proof
    from zhipo.engine.proofs.reading import read_bundle

    if not path.exists():
        raise Refused([Fault(path.name, 0, "", "", words("proof.no_such"))])
    if path.is_dir():
        published = read_bundle(path)
        said = published.statement
        faults = [*unlike_published(said, statement), *faults_of(published)]
    else:
        faults, said = verify_proof(path, statement_file=statement)
    return faults, said.root, said.claims, said.received_fen


def _holds(root: str, claims: int, fen: int) -> str:
    return words("proof.holds", root=root, claims=f"{claims:,}", fen=yuan_text(fen))


def _refuse(refused: Refused) -> NoReturn:
    print(words("cli.refused", count=len(refused.faults)), file=sys.stderr)
    show(refused.faults)
    raise typer.Exit(REFUSED) from refused
