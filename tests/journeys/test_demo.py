"""`zhipo demo`, small: the table, the files, the explanations, the report in a browser."""

import csv
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from typer.testing import CliRunner

from zhipo.cli import app

ZHIPO = Path(sys.executable).with_name("zhipo")
CONSUMERS = 2_000
VARIANTS = ("statutory", "before_ordinary", "rate_31", "flat", "tiered")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


@pytest.fixture(scope="module")
def told_and_out(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the demo printed, and its folder."""
    out = tmp_path_factory.mktemp("demo") / "out"
    command = [ZHIPO, "demo", "--consumers", str(CONSUMERS), "--out", out, "--lang", "zh"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, out


@pytest.fixture(scope="module")
def out(told_and_out: tuple[str, Path]) -> Path:
    return told_and_out[1]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cells(told: str, label: str) -> list[str]:
    """The cells of the printed line that begins with `label`."""
    found = re.search(rf"^│ {label} .*$", told, re.M)
    assert found, label
    return [cell.strip() for cell in found[0].strip("│").split("│")]


def test_every_planted_wrong_is_found_and_nothing_is_admitted_wrongly(
    told_and_out: tuple[str, Path],
) -> None:
    told, out = told_and_out
    planted = len(rows_of(out / "case" / "truth.csv"))

    assert planted > 0
    assert cells(told, "植入的错误：找到/全部")[1] == f"{planted} / {planted}"
    assert cells(told, "错误确认的金额")[1] == "¥0.00"


def test_the_money_adds_up_in_every_way_to_divide(out: Path) -> None:
    for variant in VARIANTS:
        summary = json.loads((out / variant / "summary.json").read_text(encoding="utf-8"))
        rows = rows_of(out / variant / "payments.csv")
        given = sum(int(row["paid_fen"]) + int(row["reserved_fen"]) for row in rows)

        assert given + summary["left_over_fen"] == summary["pools_fen"], variant
        shifts = [line["shift_fen"] for line in summary["classes"].values()]
        assert sum(shifts) == 0, variant


def test_nothing_half_written_stands_beside_the_results(out: Path) -> None:
    names = [path.name for path in out.rglob("*")]

    assert [name for name in names if ".part" in name or name.startswith(".")] == []


def test_the_register_opens_as_a_spreadsheet_with_totals_and_creditors(out: Path) -> None:
    book = openpyxl.load_workbook(out / "register.xlsx", read_only=True)
    totals, register = (list(book[name].values) for name in ("汇总", "债权表"))
    claims = rows_of(out / "plans" / "claims.csv")

    assert len(register) == len(claims) + 1
    assert all(row[1] for row in register)
    assert totals[-1][:2] == ("合计", len(claims))
    fen = sum(int(row["fen"]) for row in claims)
    assert round(float(str(totals[-1][2])) * 100) == fen


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_plan_opens_as_a_spreadsheet_that_adds_up(out: Path, variant: str) -> None:
    book = openpyxl.load_workbook(out / f"plan-{variant}.xlsx", read_only=True)
    heading, *lines = book.worksheets[1].values
    places = {str(name).split("\n")[0]: i for i, name in enumerate(heading)}

    for line in lines:
        paid = round(float(str(line[places["本次支付（元）"]])) * 100)
        parts = str(line[places["分期（元）"]]).replace(",", "").replace(".", "")
        assert sum(map(int, parts.split("; "))) == paid


def asked_why(out: Path, claim: str, variant: str, lang: str) -> list[str]:
    """The command that explains a claim in one way to divide."""
    folders = ("--review", str(out / "review"), "--payments", str(out / variant))
    return ["explain", claim, *folders, "--lang", lang]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_claim_of_each_kind_is_explained(out: Path, lang: str) -> None:
    decided = {row["reasons"]: row for row in rows_of(out / "review" / "decisions.csv")}
    assert len(decided) > 4

    for i, (reasons, row) in enumerate(decided.items()):
        variant = VARIANTS[i % len(VARIANTS)]
        answer = CliRunner().invoke(app, asked_why(out, row["claim_id"], variant, lang))
        assert answer.exit_code == 0, answer.output
        told = answer.stdout
        assert all(reason in told for reason in reasons.split(";"))
        assert all(rule in told for rule in row["rules"].split(";"))
        assert not re.search(r"consumer[+:]|÷ 0\.00", told)


def test_a_secured_claim_is_told_what_its_shortfall_gets(out: Path) -> None:
    command = [ZHIPO, *asked_why(out, "L0001", "before_ordinary", "zh")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    told = done.stdout
    assert "担保财产变价款 lien-1" in told
    assert "普通债权：¥0.00 分给" in told


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium; tools/ensure_chromium.sh installs one")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(params=[390, 1280])
def report(
    browser: Browser, out: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[Page, list[str]]]:
    """The report on a phone and on a desk, and what went wrong while it was read."""
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("requestfailed", lambda failed: troubles.append(failed.url))
    page.on("request", lambda asked: _note_foreign(asked.url, troubles))
    page.goto((out / "report.html").as_uri())
    yield page, troubles
    page.close()


def _note_foreign(url: str, troubles: list[str]) -> None:
    if not url.startswith("file:"):
        troubles.append(url)


def test_the_report_reads_in_both_languages_alone_and_fits(
    report: tuple[Page, list[str]],
) -> None:
    page, troubles = report

    assert page.locator("h1:visible").inner_text() == "鲜享家破产清算演示案"
    assert _overflow(page) <= 0
    page.locator(".switch:visible").click()
    assert page.locator("h1:visible").inner_text() == "The 鲜享家 demo case"
    assert _overflow(page) <= 0
    page.locator(".switch:visible").click()
    assert page.locator("h1:visible").inner_text() == "鲜享家破产清算演示案"
    assert troubles == []


def test_the_report_shows_the_figures_of_the_summaries(
    report: tuple[Page, list[str]], out: Path
) -> None:
    page, _ = report
    rates = [_consumers_rate(out / variant / "summary.json") for variant in VARIANTS]

    table = page.locator("main.zh table.figures").first
    line = table.locator("tr", has_text="消费者预付款").locator("td").all_inner_texts()
    drawn = page.locator("main.zh .bars").first.locator(".track").all_inner_texts()

    assert line[2:] == rates
    assert not Counter(rates) - Counter(text.strip() for text in drawn)


def test_every_file_the_report_names_is_there(
    report: tuple[Page, list[str]], out: Path
) -> None:
    page, _ = report

    names = page.locator("main.zh p a[href$='.xlsx']").all_inner_texts()

    assert len(names) == 1 + len(VARIANTS)
    assert all((out / name).is_file() for name in names)


def test_labels_do_not_lie_over_bars(report: tuple[Page, list[str]]) -> None:
    page, _ = report

    sizes = page.locator("main.zh .name").evaluate_all(
        "all => all.map(one => [one.scrollWidth - one.clientWidth, "
        "parseFloat(getComputedStyle(one).fontSize)])"
    )

    assert sizes
    assert all(over <= 0 and size >= 12 for over, size in sizes)


def _overflow(page: Page) -> Any:
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def _consumers_rate(path: Path) -> str:
    line = json.loads(path.read_text(encoding="utf-8"))["classes"]["consumer"]
    given = line["paid_fen"] + line["reserved_fen"]
    return f"{given * 10_000 // line['fen'] / 100:.2f} %"
