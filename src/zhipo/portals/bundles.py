"""The file of a bundle as the court that sealed it, or received it, downloads it."""

from django.http import Http404, HttpResponse

from zhipo.enforcement.bundle.storing import ENDING, below_files
from zhipo.portals.desk.exports import download, kind_of


def bundle_file(path: str, *, name: str) -> HttpResponse:
    """A kept bundle whole, under a name of its own. Raises Http404 where it is gone."""
    file = below_files(path)
    if not file.exists():
        raise Http404
    return download(file.open("rb"), name=f"{name}.{ENDING}.zip", kind=kind_of("zip"))
