"""`zhipo sandbox`: institutions that answer courts, channels that pay, on loopback."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from zhipo.kernel.faults import Refused
from zhipo.web.words import say

if TYPE_CHECKING:
    from zhipo.gateways.institutions.sandbox.running import Institutions
    from zhipo.gateways.sandboxes.processes import Sandboxes

sandbox = typer.Typer(no_args_is_help=True, help="沙箱 · stand-ins for the outside world")

ENDED = 1
REFUSED = 2
LOOK_SECONDS = 0.5
Planned = TypeVar("Planned")


@sandbox.callback()
def _only_for_a_group() -> None:
    """沙箱 · stand-ins for the outside world."""


@sandbox.command()
def institutions(
    port_base: Annotated[
        int,
        typer.Option(help="第一个端口 · first of the ports", min=1, max=65000),
    ] = 8130,
    seed: Annotated[
        int, typer.Option(help="随机种子，0 为全部如常 · 0: everybody behaves", min=0)
    ] = 0,
    home: Annotated[
        Path, typer.Option(help="账册和密钥的文件夹 · folder of books and keys")
    ] = Path("var/institutions"),
    plan: Annotated[
        Path | None, typer.Option(help="机构和账户的 JSON · institutions and their books")
    ] = None,
    court: Annotated[
        list[str] | None,
        typer.Option(help="法院接收反馈的地址 · where answers are posted, PARTY=URL"),
    ] = None,
) -> None:
    """启动六家协助机构的沙箱，直到中断 · run six respondents until interrupted."""
    from zhipo.gateways.institutions.sandbox.plan import DEFAULT, at_addresses, read_plan
    from zhipo.gateways.institutions.sandbox.running import running_institutions
    from zhipo.gateways.sandboxes.processes import NotReady

    planned = _planned(
        lambda told: at_addresses(read_plan(plan or DEFAULT), told), court or []
    )
    _refuse_taken_ports(port_base, len(planned.institutions))
    try:
        with running_institutions(
            home, port_base=port_base, seed=seed, plan=planned
        ) as running:
            _tell(running)
            _wait_for_an_end(running)
    except NotReady as error:
        _refuse(str(error))


@sandbox.command()
def payouts(
    port_base: Annotated[
        int,
        typer.Option(help="第一个端口 · first of three ports", min=1, max=65000),
    ] = 8140,
    seed: Annotated[
        int, typer.Option(help="随机种子，0 为全部如常 · 0: everybody behaves", min=0)
    ] = 0,
    home: Annotated[
        Path, typer.Option(help="账册和密钥的文件夹 · folder of books and keys")
    ] = Path("var/payouts"),
    plan: Annotated[
        Path | None, typer.Option(help="限额和余额的 JSON · limits and funds")
    ] = None,
    callback: Annotated[
        list[str] | None,
        typer.Option(help="接收付款通知的地址 · where callbacks go, CHANNEL=URL"),
    ] = None,
) -> None:
    """启动微信支付、支付宝和银行代发的沙箱，直到中断 · run the payout channels."""
    from zhipo.gateways.payouts.sandbox.plan import (
        CHANNELS,
        Plan,
        read_plan,
        with_callbacks,
    )
    from zhipo.gateways.payouts.sandbox.running import running_payouts
    from zhipo.gateways.sandboxes.processes import NotReady

    planned = _planned(
        lambda told: with_callbacks(read_plan(plan) if plan else Plan(), told),
        callback or [],
    )
    _refuse_taken_ports(port_base, len(CHANNELS))
    try:
        with running_payouts(home, port_base=port_base, seed=seed, plan=planned) as running:
            for channel in CHANNELS:
                print(f"{running.address(channel)}  {channel}")
            for name, value in running.settings().items():
                print(f"{name}={value}")
            print(say("gateways.sandbox.payouts_running", lang="zh"), flush=True)
            _wait_for_an_end(running)
    except NotReady as error:
        _refuse(str(error))


def _planned(plan: Callable[[dict[str, str]], Planned], addresses: list[str]) -> Planned:
    """The plan with addresses as given, NAME=URL; ends with status 2 where it is none."""
    try:
        return plan(dict(one.split("=", 1) for one in addresses))
    except (OSError, ValueError) as error:
        _refuse(say("gateways.sandbox.no_plan", lang="zh", reason=str(error)[:400]))


def _refuse_taken_ports(first: int, count: int) -> None:
    from zhipo.web.server import refuse_taken_port

    try:
        for port in range(first, first + count):
            refuse_taken_port("127.0.0.1", port)
    except Refused as refused:
        _refuse(str(refused.faults[0]))


def _tell(running: "Institutions") -> None:
    """Who listens where, and what a court's side sets to find them."""
    for party in running.directory.institutions():
        print(f"{party.address}  {party.party}  {party.name}")
    for name, value in running.settings().items():
        print(f"{name}={value}")
    print(say("gateways.sandbox.running", lang="zh"), flush=True)


def _wait_for_an_end(running: "Sandboxes") -> None:
    """Return never: Ctrl-C interrupts, a sandbox that ends by itself is told."""
    while True:
        for party, process in running.processes.items():
            if process.poll() is not None:
                print(
                    say("gateways.sandbox.ended", lang="zh", party=party), file=sys.stderr
                )
                raise typer.Exit(ENDED)
        time.sleep(LOOK_SECONDS)


def _refuse(told: str) -> NoReturn:
    print(told, file=sys.stderr)
    raise typer.Exit(REFUSED)
