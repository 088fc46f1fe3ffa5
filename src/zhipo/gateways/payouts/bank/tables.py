"""Tables that banks hand over: CSV in UTF-8 or GB18030, or XLSX."""

import csv
import io

import python_calamine

MAX_BYTES = 16 << 20
ZIP = b"PK\x03\x04"
ENCODINGS = ("utf-8-sig", "gb18030")


class NotATable(ValueError):
    """These bytes are no table."""


def read_table(content: bytes) -> list[list[str]]:
    """The cells of a CSV file or of a workbook's first sheet, as text. Raises NotATable."""
    if len(content) > MAX_BYTES:
        raise NotATable("too long")
    if content.startswith(ZIP):
        return _sheet(content)
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            return list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise NotATable("not a table") from error
    raise NotATable("not text")


def _sheet(content: bytes) -> list[list[str]]:
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python()
    except (python_calamine.CalamineError, IndexError, ValueError) as error:
        raise NotATable("not a workbook") from error
    return [[str(cell).strip() for cell in row] for row in rows]
