"""Set the documents' texts as DOCX templates: src/zhipo/documents/sources to templates.

    python tools/make_templates.py [FOLDER]

The words of layout are explained in sources/README.md. Page and type follow what courts
use for their papers: A4, margins 37/35/28/26 mm, 仿宋 of 16 points at 28 points a line.
The same texts give the same bytes.
"""

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from zhipo.documents.packing import packed

DOCUMENTS = Path(__file__).parents[1] / "src" / "zhipo" / "documents"
MADE_AT = datetime(2025, 1, 1, tzinfo=UTC)
LATIN = "Times New Roman"
BODY, HEAVY = "仿宋", "宋体"
BODY_POINTS, LINE_POINTS, TABLE_POINTS = 16, 28, 11
KEPT_STYLES = {"Normal", "Header", "Footer", "TableNormal", "TableGrid",
               "DefaultParagraphFont", "NoList"}  # fmt: skip
LOOSE_PARTS = ("customXml", "thumbnail", "stylesWithEffects", "numbering")
"""Parts of python-docx's empty document that say nothing here."""


@dataclass(frozen=True)
class Look:
    """How a paragraph is set: size in points, place, indents in characters."""

    points: int = BODY_POINTS
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    font: str = BODY
    is_bold: bool = False
    first_indent: int = 2
    indent: int = 0


CENTER, LEFT, RIGHT = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
)
LOOKS: dict[str, Look] = {
    "": Look(),
    "court": Look(points=22, align=CENTER, font=HEAVY, first_indent=0),
    "title": Look(points=26, align=CENTER, font=HEAVY, is_bold=True, first_indent=0),
    "number": Look(align=RIGHT, first_indent=0),
    "left": Look(align=LEFT, first_indent=0),
    "quote": Look(align=LEFT, indent=2, first_indent=0),
    "note": Look(points=10, align=CENTER, first_indent=0),
    "sign": Look(align=RIGHT, first_indent=0),
}
ENGLISH_LOOKS: dict[str, Look] = LOOKS | {
    word: replace(LOOKS[word], points=12, align=align, first_indent=0)
    for word, align in (("", LEFT), ("number", RIGHT), ("left", LEFT), ("sign", RIGHT))
}
"""Words of many letters, justified between Chinese names, would be torn apart."""

WORD = re.compile(r"@(?P<word>[a-z]+) ?(?P<rest>.*)")


def main(target: Path) -> None:
    """Write every template."""
    target.mkdir(parents=True, exist_ok=True)
    for source in sorted((DOCUMENTS / "sources").glob("*.txt")):
        looks = ENGLISH_LOOKS if source.stem.endswith(".en") else LOOKS
        content = template_of(source.read_text(encoding="utf-8"), looks)
        (target / f"{source.stem}.docx").write_bytes(content)


def template_of(text: str, looks: dict[str, Look] = LOOKS) -> bytes:
    """The DOCX of one text. Raises ValueError for an unknown word of layout."""
    document = _empty()
    for block in _blocks(text):
        if isinstance(block, list):
            _add_table(document, block)
        else:
            _add_paragraph(document, block, looks)
    file = io.BytesIO()
    document.save(file)
    return packed(file.getvalue())


def _blocks(text: str) -> Iterator[str | list[str]]:
    """Paragraphs as lines; a table as its lines, the @table line first."""
    table: list[str] = []
    for line in text.splitlines():
        if table and line.startswith("|"):
            table.append(line)
            continue
        if table:
            yield table
            table = []
        if line.startswith("@table "):
            table = [line]
        elif line.strip() and not line.startswith(";"):
            yield line
    if table:
        yield table


def _add_paragraph(document: Docx, line: str, looks: dict[str, Look]) -> None:
    found = WORD.fullmatch(line)
    word, text = (found["word"], found["rest"]) if found else ("", line)
    if word not in looks:
        raise ValueError(f"unknown word of layout: @{word}")
    if word == "sign":
        _hold_to_the_next(document)
    _set(document.add_paragraph(), text, looks[word])


def _hold_to_the_next(document: Docx) -> None:
    """A signature never stands on a page without words above it."""
    document.paragraphs[-1].paragraph_format.keep_with_next = True


def _set(paragraph: Paragraph, text: str, look: Look) -> None:
    layout = paragraph.paragraph_format
    layout.alignment = look.align
    layout.first_line_indent = Pt(look.points * look.first_indent)
    layout.left_indent = Pt(look.points * look.indent)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    is_body = look.points == BODY_POINTS
    layout.line_spacing = Pt(LINE_POINTS if is_body else look.points * 1.6)
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(look.points), look.is_bold
    run.font.name = LATIN
    run._element.rPr.rFonts.set(qn("w:eastAsia"), look.font)


def _add_table(document: Docx, lines: list[str]) -> None:
    widths = lines[0].removeprefix("@table ").split()
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = _millimetres(width)
    for number, line in enumerate(lines[1:]):
        row = table.add_row()
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        for cell, text, width in zip(
            row.cells, _padded(cells, widths), widths, strict=True
        ):
            _set_cell(cell, text, width, is_head=number == 0)
        if number == 0:
            _repeat_on_each_page(row._tr)


def _padded(cells: list[str], widths: list[str]) -> list[str]:
    """A row that only steers (`{%tr ... %}`) has one cell."""
    if len(cells) not in (1, len(widths)):
        raise ValueError(f"{len(cells)} cells in a table of {len(widths)}: {cells}")
    return cells + [""] * (len(widths) - len(cells))


def _set_cell(cell: _Cell, text: str, width: str, *, is_head: bool) -> None:
    cell.width = _millimetres(width)
    align = CENTER if is_head else RIGHT if width.endswith(">") else LEFT
    look = Look(points=TABLE_POINTS, align=align, is_bold=is_head, first_indent=0)
    _set(cell.paragraphs[0], text, look)


def _millimetres(width: str) -> Length:
    return Mm(int(width.rstrip(">")))


def _repeat_on_each_page(row: object) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row.get_or_add_trPr().append(mark)  # type: ignore[attr-defined]


def _empty() -> Docx:
    """A page without words: paper, numbers of pages, fixed days in its properties."""
    document = Document()
    _drop_what_says_nothing(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _number_pages(section.footer.paragraphs[0])
    known = document.core_properties
    known.author, known.title, known.comments, known.last_modified_by = "", "", "", ""
    known.created = known.modified = MADE_AT
    known.revision = 1
    return document


def _drop_what_says_nothing(document: Docx) -> None:
    for part in (document.part, document.part.package):
        for key, relation in list(part.rels.items()):
            if any(name in relation.reltype for name in LOOSE_PARTS):
                del part.rels[key]
    styles = document.styles.element
    for style in list(styles.findall(qn("w:style"))):
        if style.get(qn("w:styleId")) not in KEPT_STYLES:
            styles.remove(style)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(BODY_POINTS)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    normal.paragraph_format.space_after = Length(0)


def _number_pages(paragraph: Paragraph) -> None:
    paragraph.alignment = CENTER
    for kind in ("begin", "PAGE", "end"):
        run = paragraph.add_run()
        run.font.size = Pt(12)
        if kind == "PAGE":
            child = OxmlElement("w:instrText")
            child.text = kind
        else:
            child = OxmlElement("w:fldChar")
            child.set(qn("w:fldCharType"), kind)
        run._element.append(child)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS / "templates")
