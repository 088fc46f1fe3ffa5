"""`zhipo bundle verify`: what a court was handed, checked without a database."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhipo.cli_faults import show
from zhipo.kernel.faults import Fault, Refused

if TYPE_CHECKING:
    from zhipo.enforcement.bundle.reading import Bundle
    from zhipo.gateways.institutions.keys import Directory

bundle = typer.Typer(no_args_is_help=True, help="移交包 · sealed bundles")

REFUSED = 2


@bundle.callback()
def _only_for_a_group() -> None:
    """移交包 · sealed bundles."""


@bundle.command()
def verify(
    file: Annotated[Path, typer.Argument(help="移交包文件 · the bundle")],
    directory: Annotated[
        Path | None,
        typer.Option(
            envvar="ZHIPO_INQUIRY_DIRECTORY", help="密钥目录 · directory of courts' keys"
        ),
    ] = None,
) -> None:
    """校验移交包：结构、签名、内容、缺项 · check a bundle; exit 2 for any fault."""
    from zhipo.enforcement.bundle.reading import open_bundle

    try:
        found = open_bundle(file, _directory(directory))
    except Refused as refused:
        _tell_faults(refused.faults)
        raise typer.Exit(REFUSED) from refused
    _tell(file, found)


def _directory(path: Path | None) -> "Directory | None":
    """The directory of keys; ends with status 2 where the file holds none."""
    from zhipo.gateways.institutions.keys import DIRECTORY, NoKeys, read_directory

    if path is None:
        return None
    try:
        return read_directory({DIRECTORY: str(path)})
    except NoKeys as error:
        print(error, file=sys.stderr)
        raise typer.Exit(REFUSED) from error


def _tell(file: Path, found: "Bundle") -> None:
    """Who signed what, each part with its digest, and the gaps."""
    from zhipo.enforcement.bundle.words import words

    manifest, signature = found.manifest, found.sheath.signature
    print(
        words(
            "verify.holds",
            path=file,
            parts=len(manifest.parts),
            court=found.sheath.signer.name,
            at=signature.signed_at.isoformat(),
        )
    )
    print(f"{manifest.debtor.name}  {manifest.case_number}  → {manifest.sent_to.name}")
    for part in manifest.parts:
        print(f"  {part.sha256[:16]}  {part.size:>12,}  {part.path}  {part.what}")
    for gap in manifest.gaps:
        said = words(f"gap.{gap.code}", count=gap.count)
        print(f"  [{gap.status}] {gap.cite}  {said}")
    told = "verify.gaps" if manifest.gaps else "gap.whole"
    print(words(told, count=len(manifest.gaps)))


def _tell_faults(faults: list[Fault]) -> None:
    from zhipo.enforcement.bundle.words import words

    print(words("verify.refused", count=len(faults)), file=sys.stderr)
    show(faults)
