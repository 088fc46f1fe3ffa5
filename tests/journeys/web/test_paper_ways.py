"""How a creditor on paper is paid: one at the desk enters it, another checks it."""

import re
from pathlib import Path

import pytest
import xlsxwriter

from journeys.web.conftest import Visit
from journeys.web.sites import Site

pytestmark = pytest.mark.browser
SCREENS = pytest.mark.parametrize(
    ("width", "lang", "place"),
    [("phone", "zh", 0), ("desktop", "zh", 1), ("phone", "en", 2)],
)
CARD = "6222020200112233"
SCAN = {"name": "form.png", "mimeType": "image/png",
        "buffer": b"\x89PNG\r\n\x1a\n" + b"\0" * 16}  # fmt: skip
HEADS = ("债权编号", "次序", "收款方式", "账号", "依据")


@SCREENS
def test_one_enters_from_the_paper_and_another_checks(
    visit: Visit, site: Site, width: str, lang: str, place: int
) -> None:
    first = visit(width, lang=lang).signs_in_as("reviewer-1")
    first.goes(site.desk("entering"), "entering")
    first.page.locator("main tbody a").nth(place).click()
    first.taps("a[href$='/ways']", "ways-of-claim")
    address = first.page.url

    first.types(account="12", source="债权申报表第2页")
    first.page.set_input_files("input[name=upload]", SCAN)
    first.taps("form[action$='/do/enter'] button").is_refused("ways-refused")
    first.types(account=CARD)
    first.page.set_input_files("input[name=upload]", SCAN)
    first.taps("form[action$='/do/enter'] button", "ways-entered")

    first.sees("************2233")
    assert CARD not in first.text()
    assert not first.page.locator("form[action$='/do/check']").count()
    second = visit(width, lang=lang).signs_in_as("reviewer-2")
    second.goes(site.desk("ways"), "ways")
    second.goes(re.sub(r"^https?://[^/]+", "", address), "ways-to-check")
    second.page.check("form[action$='/do/check'] input[name=is_read]")
    second.taps("form[action$='/do/check'] button", "ways-checked")
    second.sees("************2233")


def test_a_list_with_a_fault_comes_back_and_a_right_one_waits(
    visit: Visit, site: Site, tmp_path: Path
) -> None:
    first = visit("desktop").signs_in_as("reviewer-1").goes(site.desk("ways"), "ways-list")
    first.page.set_input_files("input[name=file]", _sheet(tmp_path, "X-1"))
    first.taps("form[action$='/hand-in'] button").is_refused("ways-faults")
    first.sees("没有这个债权编号")
    first.page.set_input_files("input[name=file]", _sheet(tmp_path, "E-000-005"))
    first.taps("form[action$='/hand-in'] button", "ways-list-entered")

    first.sees("请另一人对照材料复核").sees("E-000-005")


def _sheet(folder: Path, number: str) -> Path:
    """A filled-in list with one row."""
    file = folder / f"{number}.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate((HEADS, (number, "", "现场领取", "", "清单第3页"))):
            sheet.write_row(line, 0, row)
    return file
