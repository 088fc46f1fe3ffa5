"""Many letters of one template: in one DOCX, a page each, or in volumes of a ZIP."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import TemplateError

from zhipo.documents.actions import FieldsMissing, TemplateFaulty, missing_fields
from zhipo.documents.kinds import KINDS, DocumentKind
from zhipo.documents.packing import EPOCH, packed
from zhipo.documents.rendering import environment, template_path

PER_VOLUME = 500
"""What a word processor opens without effort, and a printer takes in one go."""

END_OF_BODY = "<w:sectPr"
Letter = Mapping[str, Any]


def no_telling(done: int, total: int) -> None:
    """For those who do not wait to be told how far it is."""


def letters_file(
    kind: DocumentKind,
    letters: Sequence[Letter],
    *,
    told: Callable[[int, int], None] = no_telling,
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
    first, ending = _split(document.get_xml())
    onward = made.from_string(_split(_on_a_new_page(path))[0])
    bodies = [onward.render(letter).split(">", 1)[1] for letter in letters[1:]]
    document.map_tree(document.fix_tables("".join([first, *bodies, ending])))
    file = io.BytesIO()
    document.save(file)
    return packed(file.getvalue())


def _on_a_new_page(path: Path) -> str:
    """The template's body, its first printed paragraph put on a page of its own."""
    document = DocxTemplate(path)
    document.init_docx()
    printed = (one for one in document.docx.paragraphs if not one.text.startswith("{%p"))
    next(printed).paragraph_format.page_break_before = True
    return str(document.patch_xml(document.get_xml()))


def _split(body: str) -> tuple[str, str]:
    """The body before what closes it: the section's page set-up comes once, at the end."""
    place = body.rindex(END_OF_BODY)
    return body[:place], body[place:]
