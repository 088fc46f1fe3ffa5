"""DOCX files whose bytes follow from their content alone: fixed days, fixed order."""

import io
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first instant a ZIP archive can name."""

FIRST = "[Content_Types].xml"


def packed(document: bytes) -> bytes:
    """The same parts, in a fixed order under a fixed day: same content, same SHA-256."""
    parts = parts_of(document)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(parts, key=lambda one: (one != FIRST, one)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts[name])
    return target.getvalue()


def parts_of(document: bytes) -> dict[str, bytes]:
    """The parts of a DOCX by name."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
