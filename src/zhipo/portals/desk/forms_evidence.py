"""The form by which books are handed in: files, or the name of a folder."""

import uuid
from functools import cache
from typing import Any

from django import forms

from zhipo.claims.actions.receiving import Handed, from_inbox
from zhipo.engine.evidence.mapping import formats, read_mapping
from zhipo.portals.desk.forms import worded
from zhipo.web.words import current_language, say

ACCEPTED = ".csv,.xlsx,.parquet"


class ManyFiles(forms.ClearableFileInput):
    """An input that takes several files, and those dropped onto it."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; a list in `cleaned_data`."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one) for one in files if one]


@cache
def format_choices(lang: str) -> list[tuple[str, str]]:
    """The formats that can be read, by their own names, those of platforms first."""
    found = [
        (name, str(read_mapping(path).keys["name"][lang]), path.parent.name)
        for name, path in formats().items()
    ]
    in_order = sorted(found, key=lambda one: (one[2] != "mappings", one[1]))
    return [(name, shown) for name, shown, _ in in_order]


def _choices_now() -> list[tuple[str, str]]:
    return format_choices(current_language())


def _files(widget: type[forms.FileInput], accept: str) -> forms.FileInput:
    return widget({"class": "form-control drop", "accept": accept})


class UploadForm(forms.Form):
    """One version of the books."""

    books = FilesField(
        label=worded("claims.evidence.upload.books"),
        required=False,
        widget=_files(ManyFiles, ACCEPTED),
    )
    folder = forms.CharField(
        label=worded("claims.evidence.upload.folder"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"class": "form-control", "autocomplete": "off"}),
    )
    holders = forms.FileField(
        label=worded("claims.evidence.upload.holders"),
        required=False,
        widget=_files(forms.FileInput, ACCEPTED),
    )
    read_as = forms.ChoiceField(
        label=worded("claims.evidence.upload.format"),
        choices=_choices_now,
        widget=forms.Select({"class": "form-select"}),
    )
    mapping = forms.FileField(
        label=worded("claims.evidence.upload.mapping"),
        required=False,
        widget=_files(forms.FileInput, ".yaml,.yml"),
    )
    form_key = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        has_files, has_folder = bool(values.get("books")), bool(values.get("folder"))
        if has_files == has_folder:
            word = "both" if has_files else "neither"
            raise forms.ValidationError(say(f"claims.evidence.upload.{word}"))
        return values

    def handed(self) -> Handed:
        """What was handed in. Raises BookRefused for a folder that is not there."""
        values = self.cleaned_data
        if values["folder"]:
            return from_inbox(values["folder"])
        return Handed(values["books"], values["holders"], values["mapping"])
