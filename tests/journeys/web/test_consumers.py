"""A consumer from the link to the receipt, and every way that does not end there."""

import re
import struct
import zlib

import pytest

from journeys.web.conftest import Visit
from journeys.web.sites import Site, Visitor

pytestmark = pytest.mark.browser
SCREENS = pytest.mark.parametrize(
    ("width", "lang"), [("phone", "zh"), ("desktop", "zh"), ("phone", "en")]
)
WIDTHS = pytest.mark.parametrize("width", ["phone", "desktop"])
RECEIPT = re.compile(r"A-\d{3}-\d{3}-[0-9A-F]{5}")
SUM = re.compile(r"¥[\d,]+\.\d\d")
FILE_NOW = "form[action$='/file'] button.button"
SEND = "main form button.button"


@SCREENS
def test_finds_the_case_sees_the_money_and_files_with_one_tap(
    visit: Visit, site: Site, width: str, lang: str
) -> None:
    phone = next(site.silent)
    consumer = visit(width, lang=lang).goes("/").types(q="鲜享家")
    consumer.taps("main form button", "found").taps("main .list a", "case-open")
    consumer.types(phone=phone).taps("form[action$='/sign-in'] button.button")
    code = consumer.code_of(phone)
    consumer.types(code=code).taps("form[action$='/code'] button.button", "money")
    owed = SUM.search(consumer.text())
    consumer.page.locator("main details summary").first.click()
    consumer.looks("money-with-reason")

    consumer.taps(FILE_NOW, "receipt")
    receipt = RECEIPT.search(consumer.text())
    assert owed is not None
    assert receipt is not None
    consumer.sees(owed[0])
    consumer.goes(site.phone("money")).sees(owed[0])
    assert consumer.page.locator(FILE_NOW).count() == 0


@WIDTHS
def test_changes_where_the_money_goes(visit: Visit, site: Site, width: str) -> None:
    consumer = _at_own_claim(visit(width), next(site.filed))
    consumer.taps("a[href$='/payout']")
    consumer.page.locator("input[name=channel][value=bank]").check()
    consumer.types(account="12").taps(SEND).is_refused("payout-refused").sees("卡号")

    consumer.types(account="6222 0212 3456 7890 123").taps(SEND, "payout-changed")

    consumer.sees("银行账户 ").sees("0123")
    assert "62220212" not in consumer.page.content()


@WIDTHS
def test_objects_to_the_result_once(visit: Visit, site: Site, width: str) -> None:
    consumer = _at_own_claim(visit(width), next(site.filed))

    consumer.taps("a[href$='/objection']").types(text="去年十月那笔退款没有到账。")
    consumer.taps(SEND, "objection-made")

    consumer.sees("去年十月那笔退款没有到账。")
    assert consumer.page.locator("main a[href$='/objection']").count() == 0


@WIDTHS
def test_files_without_javascript(visit: Visit, site: Site, width: str) -> None:
    consumer = visit(width, java_script_enabled=False)

    consumer.signs_in_by_phone(next(site.silent)).taps(FILE_NOW, "receipt-no-script")

    assert RECEIPT.search(consumer.text())
    consumer.taps("a[href$='/why']").goes(f"{consumer.page.url}?page=1", "why-no-script")


@WIDTHS
def test_disputes_the_figure_with_a_photo(visit: Visit, site: Site, width: str) -> None:
    consumer = visit(width).signs_in_by_phone(next(site.silent))
    consumer.taps("main a[href$='/dispute']", "dispute")
    photo = {"name": "小票.png", "mimeType": "image/png", "buffer": _picture()}
    lie = {"name": "小票.png", "mimeType": "image/png", "buffer": b"<html>"}
    said = {"claimed_fen": "88888.88", "statement": "八月充了两次，账上只有一次。"}
    consumer.types(**said).page.set_input_files("input[type=file]", lie)
    consumer.taps(SEND).is_refused("dispute-refused").sees("小票.png")

    consumer.page.set_input_files("input[type=file]", photo)
    consumer.taps(SEND, "disputed")

    consumer.sees("¥88,888.88")
    consumer.taps("a[href$='/papers']", "papers-handed-in").sees("小票.png")


@SCREENS
def test_has_lost_the_phone(visit: Visit, site: Site, width: str, lang: str) -> None:
    consumer = visit(width, lang=lang).goes(site.phone())

    consumer.taps("main a[href$='/help']").taps("main a[href$='/help/phone']", "lost-phone")

    consumer.sees("0731-00000000")
    consumer.goes(site.phone("form"), "paper-form")


def test_a_wrong_code_and_an_unknown_phone_end_in_words(visit: Visit, site: Site) -> None:
    consumer = visit("phone").goes(site.phone("sign-in"))
    consumer.types(phone="17299999999").taps("main form button.button")
    right = consumer.code_of("17299999999")
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    consumer.types(code=wrong).taps("form[action$='/code'] button.button")
    consumer.is_refused("code-wrong")
    assert "/money" not in consumer.page.url

    consumer.types(code=right).taps("form[action$='/code'] button.button", "no-claim")

    assert consumer.page.locator("main a[href$='/other/consumer']").count() == 1


@WIDTHS
def test_supplier_files_with_papers(visit: Visit, site: Site, width: str) -> None:
    phone = {"phone": "17299990001", "desktop": "17299990002"}[width]
    supplier = visit(width).signs_in_by_phone(phone)
    supplier.goes(site.phone("other/supplier"))
    paper = {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": _document()}
    supplier.page.set_input_files("input[type=file]", paper)
    supplier.types(claimant="湘潭某果业有限公司", claimed_fen="70000", text="三个月货款。")
    supplier.types(invoices="70,000.00", set_off_fen="500").taps(SEND, "supplier-filed")

    supplier.sees("¥70,000.00").sees("S-000-")
    supplier.taps("a[href$='/papers']").sees("合同.pdf")


@WIDTHS
def test_employee_looks_for_the_published_list(
    visit: Visit, site: Site, width: str
) -> None:
    visitor = visit(width).goes(site.phone("other"))

    visitor.taps("main a[href$='/other/employee']", "employee-signs-in")

    assert "/sign-in" in visitor.page.url


def _at_own_claim(consumer: Visitor, phone: str) -> Visitor:
    return consumer.signs_in_by_phone(phone).taps("main .list a")


def _picture() -> bytes:
    """A PNG of one pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        framed = kind + body
        return struct.pack(">I", len(body)) + framed + struct.pack(">I", zlib.crc32(framed))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00\xff\x00\x00")
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", body), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _document() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
