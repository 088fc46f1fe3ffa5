"""The commands: `zhipo import-ledger`, `review`, `distribute`, `explain`, `demo` ...

Exit status by the contract: 0 done; 2 the input was refused, every fault in errors.csv
and on standard error a count and the first ten; 130 interrupted.
"""

import errno
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from zhipo.cli_audit import audit
from zhipo.cli_bundle import bundle
from zhipo.cli_faults import show
from zhipo.cli_proofs import add_commands
from zhipo.cli_sandbox import sandbox
from zhipo.engine import stopping
from zhipo.kernel.faults import Fault, Refused, write_faults

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="执破：为成千上万小额债权人的破产案件服务 · insolvencies with many creditors",
)
generate = typer.Typer(no_args_is_help=True, help="生成演示案件 · generate a demo case")
for name, group in {"audit": audit, "bundle": bundle, "sandbox": sandbox}.items():
    app.add_typer(group, name=name)
app.add_typer(generate, name="generate")
add_commands(app)

REFUSED = 2
INTERRUPTED = 130
OutFolder = Annotated[
    Path, typer.Option("--out", help="结果文件夹 · folder for the results")
]
Engine = Annotated[str, typer.Option(help="计算引擎 · engine: duckdb | spark")]
Home = Annotated[
    Path, typer.Option(envvar="ZHIPO_HOME", help="数据文件夹 · folder of data and keys")
]
Lang = Annotated[str | None, typer.Option("--lang", help="语言 · language: zh | en")]


def main() -> None:
    """The entry point; a request to end counts as an interruption and cleans up.

    Whatever an interruption was turned into on its way, it ends here in one status.
    """
    stopping.listen()
    try:
        app()
    finally:
        stopping.leave_nothing()
        if stopping.is_told_to_stop():
            told = "已中断，没有留下半成品 · interrupted, nothing half-written"
            print(told, file=sys.stderr, flush=True)
            os._exit(INTERRUPTED)  # libraries at their end make another status of it


@app.command("import-ledger")
def import_ledger(
    sources: Annotated[
        list[Path], typer.Argument(help="账单文件或文件夹 · bills or folders")
    ],
    read_as: Annotated[
        str, typer.Option("--as", help="格式名或映射文件 · format or MAPPING.yaml")
    ],
    out: Annotated[
        Path, typer.Option("--out", help="证据账 · ledger.parquet | ledger.csv")
    ],
    holder: Annotated[
        str | None, typer.Option(help="个人账单的持有人 · whose personal bill it is")
    ] = None,
    perspective: Annotated[
        str | None, typer.Option(help="账单属于谁 · whose books: debtor | holder")
    ] = None,
    counterparty: Annotated[
        list[str] | None, typer.Option(help="只取与此对方的交易 · only trades with it")
    ] = None,
    accept_differences: Annotated[
        bool, typer.Option(help="接受与声明不符 · accept totals other than declared")
    ] = False,
) -> None:
    """导入证据：账单变成证据账，逐份封存 · read bills into a sealed evidence ledger."""

    def run() -> None:
        from zhipo.engine.evidence.importing import import_ledger as read_in
        from zhipo.engine.evidence.stances import Asking
        from zhipo.engine.progress import Shown
        from zhipo.engine.words import words

        with Shown() as shown:
            others = tuple(counterparty or ())
            asking = Asking(holder, perspective, others, accept_differences)
            told = shown.told(words("stage.read", name=out.name))
            made = read_in(sources, read_as=read_as, out=out, asking=asking, progress=told)
        _print_manifest(made, out)

    _answer(run, errors_in=out.parent)


@app.command()
def review(
    ledger: Annotated[Path, typer.Option(help="证据账 · evidence ledger")],
    claims: Annotated[Path, typer.Option(help="债权申报 · claims as filed")],
    accepted_on: Annotated[
        str, typer.Option(help="受理日 · day of acceptance, 2025-09-01")
    ],
    out: OutFolder,
    holders: Annotated[Path | None, typer.Option(help="用户名册 · list of holders")] = None,
    tolerance_fen: Annotated[int, typer.Option(help="容差（分） · tolerance in fen")] = 0,
    engine: Engine = "duckdb",
) -> None:
    """审查债权：每一笔申报对照账目 · check every claim against the books."""

    def run() -> None:
        from zhipo.engine.progress import Shown
        from zhipo.engine.review.run import Request
        from zhipo.engine.review.run import review as check

        _check_engine(engine)
        day = _day(accepted_on, "--accepted-on")
        _check_tolerance(tolerance_fen)
        request = Request(ledger, claims, day, out, holders, tolerance_fen, engine)
        with Shown() as shown:
            summary = check(request, shown)
        _print_json(summary)

    _answer(run, errors_in=out)


@app.command()
def distribute(
    plan: Annotated[Path, typer.Argument(help="分配方案 · PLAN.json")],
    out: OutFolder,
    engine: Engine = "duckdb",
) -> None:
    """分配：方案的钱分到每一笔债权 · divide a plan's money among the claims."""

    def run() -> None:
        from zhipo.engine.distribute.run import distribute as divide
        from zhipo.engine.progress import Shown

        _check_engine(engine)
        with Shown() as shown:
            summary = divide(plan, out, engine=engine, progress=shown)
        _print_json(summary)

    _answer(run, errors_in=out)


@app.command()
def explain(
    claim_id: Annotated[str, typer.Argument(help="债权编号 · claim id")],
    review: Annotated[Path, typer.Option(help="审查结果 · folder of `zhipo review`")],
    payments: Annotated[Path, typer.Option(help="分配结果 · folder of `zhipo distribute`")],
    lang: Lang = None,
) -> None:
    """为什么是这个数：一笔债权的来历 · why this amount, from events to the last fen."""

    def run() -> None:
        from zhipo.engine.explain.text import explain as why

        print(why(claim_id, review=review, payments=payments, lang=lang))

    _answer(run, errors_in=None)


@generate.command("yuhu")
def generate_yuhu(
    out: OutFolder,
    consumers: Annotated[int, typer.Option(help="消费者人数 · consumers")] = 32_000,
    seed: Annotated[int, typer.Option(help="随机种子 · seed")] = 1,
) -> None:
    """生成论文规模的案件 · generate the case at the size of the paper's."""

    def run() -> None:
        from zhipo.demo.generate import generate_yuhu as make
        from zhipo.engine.progress import Shown

        with Shown() as shown:
            content = make(consumers=consumers, seed=seed, out=out, progress=shown)
        _print_json({key: value for key, value in content.items() if key != "inputs"})

    _answer(run, errors_in=out)


@app.command()
def demo(
    out: OutFolder,
    consumers: Annotated[int, typer.Option(help="消费者人数 · consumers")] = 32_000,
    seed: Annotated[int, typer.Option(help="随机种子 · seed")] = 1,
    lang: Lang = None,
) -> None:
    """演示：从平台账册到每一笔清偿 · from the order books to every payment."""

    def run() -> None:
        from zhipo.demo.run import run_demo

        if lang is not None:
            os.environ["ZHIPO_LANG"] = lang  # sheets and engine speak it too
        run_demo(out=out, consumers=consumers, seed=seed, lang=lang)

    _answer(run, errors_in=out)


@app.command("demo-web")
def demo_web(
    out: OutFolder,
    consumers: Annotated[int, typer.Option(help="消费者人数 · consumers")] = 32_000,
    port: Annotated[int, typer.Option(help="端口 · port")] = 8000,
    by_http: Annotated[
        int, typer.Option(help="经真实 HTTP 申报的人数 · who file over HTTP")
    ] = 1_000,
    serve: Annotated[bool, typer.Option(help="完成后继续运行 · go on serving")] = True,
    lang: Lang = None,
) -> None:
    """演示：数据库里的案件和各方页面 · the case in the database, with its portals."""

    def run() -> None:
        from zhipo.demo.web_run import Asked, run_web

        run_web(Asked(out, consumers, port, by_http, serve, lang))

    _answer(run, errors_in=None)


@app.command("online-retail")
def online_retail(
    folder: Annotated[Path, typer.Argument(help="UCI 数据文件夹 · folder of UCI data")],
    out: OutFolder,
) -> None:
    """真实账册走同一条路 · UCI Online Retail through the same path."""

    def run() -> None:
        from zhipo.demo.online_retail import run_online_retail

        run_online_retail(folder=folder, out=out)

    _answer(run, errors_in=out)


@app.command()
def serve(
    home: Home = Path("var"),
    host: Annotated[str, typer.Option(help="监听地址 · address")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口 · port")] = 8000,
    processes: Annotated[int, typer.Option(help="进程数 · processes")] = 2,
) -> None:
    """启动网站 · serve the portals (starts the embedded PostgreSQL if none is named)."""

    def run() -> None:
        from zhipo.web.server import serve as serve_portals

        serve_portals(home=home, host=host, port=port, processes=processes)

    _answer(run, errors_in=None)


@app.command()
def worker(home: Home = Path("var")) -> None:
    """执行后台任务 · run the jobs (reading evidence, review, reminders)."""

    def run() -> None:
        from zhipo.web.server import work

        work(home=home)

    _answer(run, errors_in=None)


@app.command()
def rules(
    rule_id: Annotated[str | None, typer.Argument(help="规则编号 · rule id")] = None,
) -> None:
    """列出规则及其条文 · list the rules with their articles."""
    from zhipo.kernel.rules import all_rules
    from zhipo.law.registry import import_all

    import_all()
    for rule in all_rules():
        if rule_id is None or rule.id == rule_id:
            print(f"{rule.id}  [{rule.status.value}]  {rule.cite}")
            if rule_id is not None:
                print(f"{rule.text}\n{rule.promise}".strip())


def _answer(run: Callable[[], None], *, errors_in: Path | None) -> None:
    """Run a command; whatever goes wrong ends in words and a status, not in a trace."""
    try:
        run()
    except Refused as refused:
        stopping.go_on()
        _tell(refused.faults, errors_in)
        raise typer.Exit(REFUSED) from refused
    except KeyboardInterrupt as interrupt:
        raise typer.Exit(INTERRUPTED) from interrupt
    except Exception as error:
        stopping.go_on()
        reason = _engine_reason(error)
        if reason is None:
            raise
        _tell([Fault("", 0, "", "", reason)], errors_in)
        raise typer.Exit(REFUSED) from error


def _tell(faults: list[Fault], errors_in: Path | None) -> None:
    from zhipo.engine.words import words

    print(words("cli.refused", count=len(faults)), file=sys.stderr)
    show(faults)
    if errors_in is None:
        return
    try:
        errors_in.mkdir(parents=True, exist_ok=True)
        write_faults(faults, errors_in / "errors.csv")
        print(words("cli.errors_file", path=errors_in / "errors.csv"), file=sys.stderr)
    except OSError as error:
        print(words("cli.no_errors_file", reason=error.strerror), file=sys.stderr)


def _refuse(option: str, value: str, key: str, **values: Any) -> NoReturn:
    from zhipo.engine.words import words

    raise Refused([Fault("", 0, option, value, words(key, **values))])


def _day(text: str, option: str) -> date:
    """YYYY-MM-DD; the first day of all has no midnight in UTC."""
    try:
        day = date.fromisoformat(text)
        if day > date.min and day.isoformat() == text:
            return day
    except ValueError:
        pass
    _refuse(option, text, "plan.not_date")


def _check_tolerance(fen: int) -> None:
    from zhipo.kernel.money import MAX_FEN

    if fen < 0:
        _refuse("--tolerance-fen", str(fen), "fault.negative")
    if fen > MAX_FEN:
        _refuse("--tolerance-fen", str(fen), "fault.too_large", limit=MAX_FEN)


def _check_engine(engine: str) -> None:
    from importlib.util import find_spec

    from zhipo.engine.backends import ENGINES

    if engine not in ENGINES:
        _refuse("--engine", engine, "fault.choice", choices=", ".join(ENGINES))
    if engine == "spark" and find_spec("pyspark") is None:
        _refuse("--engine", engine, "cli.no_spark")


def _print_json(content: dict[str, Any]) -> None:
    import json

    try:
        print(json.dumps(content, ensure_ascii=False, indent=2), flush=True)
    except BrokenPipeError:  # the reader of a pipe has seen enough; the results stand
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_manifest(made: Any, out: Path) -> None:
    import json

    beside = out.with_name(f"{out.stem}.manifest.json")
    content = json.loads(beside.read_text(encoding="utf-8"))
    wanted = ("rows", "events", "kinds", "left_out", "differences")
    _print_json({key: content[key] for key in wanted if key in content})


def _engine_reason(error: Exception) -> str | None:
    """Why the engine could not go on (disk, memory, Java), None for a fault of ours."""
    import duckdb

    from zhipo.engine.backends import EngineMissing
    from zhipo.engine.words import words

    if isinstance(error, EngineMissing):
        return str(error)
    outside = (duckdb.IOException, duckdb.OutOfMemoryException, OSError, MemoryError)
    full = os.strerror(errno.ENOSPC)
    if isinstance(error, outside) or full in str(error):
        lines = str(error).splitlines()
        return words("fault.output", reason=lines[0] if lines else type(error).__name__)
    return None


if __name__ == "__main__":
    main()
