"""Browsers of people who have signed in already."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import Client

from zhipo.accounts.models import User
from zhipo.accounts.sessions import COOKIE, start_session


def device_of(user: User | None, *, is_second_factor: bool = True) -> Client:
    """A browser in which this person is signed in; nobody for None."""
    client = Client(raise_request_exception=False)
    if user is not None:
        answer = HttpResponse()
        start_session(HttpRequest(), answer, user=user, is_second_factor=is_second_factor)
        client.cookies[COOKIE] = answer.cookies[COOKIE].value
    return client


def text_of(answer: Any) -> str:
    """The page that came."""
    return str(answer.content.decode())
