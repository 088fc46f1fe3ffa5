"""Many letters of one template: in one DOCX, a page each, or in volumes of a ZIP."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateError

from zhipo.documents.actions import FieldsMissing, TemplateFaulty, missing_fields
from zhipo.documents.kinds import KINDS, DocumentKind
from zhipo.documents.packing import EPOCH, packed
from zhipo.documents.rendering import environment, template_path

PER_VOLUME = 500
"""What a word processor opens without effort, and a printer takes in one go."""

CLOSING = "</w:body>"
Letter = Mapping[str, Any]


def letters_file(
    kind: DocumentKind,
    letters: Sequence[Letter],
    *,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[bytes, str]:
    """All letters and the file's ending: one DOCX, or above PER_VOLUME a ZIP of them.

    The same letters give the same bytes. `told` hears how many of how many are done.
    Raises FieldsMissing, TemplateFaulty.
    """
    assert letters
    volumes = list(_volumes(kind, letters, told))
    if len(volumes) == 1:
        return volumes[0], "docx"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for place, volume in enumerate(volumes, start=1):
            archive.writestr(zipfile.ZipInfo(f"{kind}-{place:03d}.docx", EPOCH), volume)
    return file.getvalue(), "zip"


def _volumes(
    kind: DocumentKind, letters: Sequence[Letter], told: Callable[[int, int], None]
) -> Iterator[bytes]:
    for start in range(0, len(letters), PER_VOLUME):
        volume = letters[start : start + PER_VOLUME]
        yield _bound(kind, volume)
        told(start + len(volume), len(letters))


def _bound(kind: DocumentKind, letters: Sequence[Letter]) -> bytes:
    """The letters one after the other; the template is compiled once for all of them."""
    path, entry = template_path(kind, "zh"), KINDS[kind]
    known = []
    for letter in letters:
        if missing := missing_fields(entry, letter):
            raise FieldsMissing(missing)
        known.append({name: letter.get(name) for name in (*entry.fields, *entry.optional)})
    try:
        return _rendered(path, known)
    except TemplateError as error:
        raise TemplateFaulty("documents.refused.template", fault=str(error)) from error


def _rendered(path: Path, letters: Sequence[Letter]) -> bytes:
    document = DocxTemplate(path)
    made = environment("zh")
    document.render(dict(letters[0]), jinja_env=made, autoescape=True)
    *most, last = letters
    inner, outer = (
        made.from_string(_body(path, is_last=is_last)) for is_last in (False, True)
    )
    bodies = [inner.render(letter) for letter in most]
    whole = "".join([_opening(document), *bodies, outer.render(last), CLOSING])
    document.map_tree(document.fix_tables(whole))
    file = io.BytesIO()
    document.save(file)
    return packed(file.getvalue())


def _body(path: Path, *, is_last: bool) -> str:
    """What the template's body holds, as a section whose pages count from 1.

    The set-up of the last section stands in the body, of the others in their last
    paragraph, where it also ends the page.
    """
    document = DocxTemplate(path)
    document.init_docx()
    setup = document.docx.sections[-1]._sectPr
    for old in setup.findall(qn("w:pgNumType")):
        setup.remove(old)
    number = OxmlElement("w:pgNumType")
    number.set(qn("w:start"), "1")
    setup.find(qn("w:pgMar")).addnext(number)
    if not is_last:
        _last_paragraph(document)._p.get_or_add_pPr().append(setup)
    body = str(document.patch_xml(document.get_xml()))
    return body[body.index(">") + 1 : body.rindex(CLOSING)]


def _last_paragraph(document: DocxTemplate) -> Any:
    """The paragraph that ends a letter: its own, unless a condition may drop that."""
    last = document.docx.paragraphs[-1]
    return document.docx.add_paragraph() if last.text.startswith("{%p") else last


def _opening(document: DocxTemplate) -> str:
    """The body's first tag, with the names of everything that may stand in it."""
    body = str(document.get_xml())
    return body[: body.index(">") + 1]
