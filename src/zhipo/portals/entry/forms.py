"""The forms of the entry; labels are sentences of entry/phrases.yaml."""

from typing import Any

from django import forms
from django.utils.functional import lazy

from zhipo.accounts.scopes import Scope
from zhipo.web.words import say

worded = lazy(say, str)


class PasswordForm(forms.Form):
    login = forms.CharField(label=worded("entry.login"), max_length=100)
    password = forms.CharField(
        label=worded("entry.password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = forms.RegexField(
        r"^\s*\d{6}\s*$",
        label=worded("entry.code"),
        error_messages={"invalid": worded("entry.code_six_digits")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )


class NewPasswordForm(forms.Form):
    old = forms.CharField(
        label=worded("entry.old_password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=worded("entry.new_password"),
        strip=False,
        help_text=worded("entry.password_help"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class TokenForm(forms.Form):
    label = forms.CharField(label=worded("entry.token_label"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=worded("entry.token_scopes"),
        choices=[(scope.value, scope.value) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_scopes(self) -> list[Scope]:
        return [Scope(value) for value in self.cleaned_data["scopes"]]


def add_sentence(form: forms.Form, key: str, **values: Any) -> None:
    """Put a refusal above the form, as its own sentence."""
    form.add_error(None, say(key, **values))
