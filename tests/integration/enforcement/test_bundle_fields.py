"""Every field of the enforcement stage has a home in the bundle: walked from the models."""

from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from pydantic import ValidationError

from zhipo.enforcement.bundle.carried import BY_TABLE, CARRIED, STAYS, Carried
from zhipo.enforcement.bundle.rows.keys import file_fields_of, references_of
from zhipo.enforcement.bundle.tables import TABLES

MODELS = list(apps.get_app_config("enforcement").get_models())
OF_OTHERS = {"accounts.User": {"login", "name"}, "accounts.Organisation": {"kind", "name"}}
"""Tables of other apps from which a bundle takes what names a person or a court."""


def label(model: Any) -> str:
    return str(model._meta.label)


def fields_of(carried: Carried) -> dict[str, Any]:
    wanted = OF_OTHERS.get(label(carried.model))
    return {
        one.name: one
        for one in carried.model._meta.concrete_fields
        if not one.primary_key and (wanted is None or one.name in wanted)
    }


def test_every_model_travels_or_says_why_not() -> None:
    carried = {label(one.model) for one in CARRIED}

    homeless = [
        label(one)
        for one in MODELS
        if label(one) not in carried and label(one) not in STAYS
    ]

    assert homeless == []


@pytest.mark.parametrize("carried", CARRIED, ids=lambda one: one.table)
def test_every_field_travels_is_made_anew_or_says_why_not(carried: Carried) -> None:
    homes = {*carried.fields(), *carried.hashes, *carried.made}

    homeless = [
        name
        for name in fields_of(carried)
        if name not in homes and f"{label(carried.model)}.{name}" not in STAYS
    ]

    assert homeless == []
    assert set(carried.fields()) <= fields_of(carried).keys()


def test_what_stays_is_there_and_does_not_travel_as_well() -> None:
    names = {label(one) for one in MODELS} | {
        f"{label(one)}.{field.name}" for one in MODELS for field in one._meta.fields
    }
    travels = {f"{label(one.model)}.{name}" for one in CARRIED for name in one.fields()}

    assert STAYS.keys() <= names
    assert not STAYS.keys() & travels


@pytest.mark.parametrize("carried", CARRIED, ids=lambda one: one.table)
def test_references_lead_to_the_table_of_their_model(carried: Carried) -> None:
    references = references_of(carried.kind.row)

    expected = {
        name: field.related_model
        for name, field in fields_of(carried).items()
        if isinstance(field, ForeignKey) and f"{label(carried.model)}.{name}" not in STAYS
    }

    assert {name: BY_TABLE[table].model for name, table in references.items()} == expected


@pytest.mark.parametrize("carried", CARRIED, ids=lambda one: one.table)
def test_tables_stand_in_the_order_in_which_they_can_be_put_in(carried: Carried) -> None:
    order = [one.name for one in TABLES]

    later = [
        table
        for table in references_of(carried.kind.row).values()
        if order.index(table) > order.index(carried.table)
    ]

    assert later == []
    assert [one.table for one in CARRIED] == order


@pytest.mark.parametrize("carried", CARRIED, ids=lambda one: one.table)
def test_a_field_takes_every_value_that_its_column_takes(carried: Carried) -> None:
    """Choices and empty values: what the one side may hold the other side reads."""
    wrong = []
    for name in carried.fields():
        field = fields_of(carried)[name]
        values = [value for value, _ in field.choices or ()]
        values += [None] if field.null and not _is_origin(carried, name) else []
        values += [""] if field.blank and field.choices else []
        wrong += [(name, one) for one in values if not _takes(carried, name, one)]

    assert wrong == []


def test_files_are_named_by_the_digest_that_their_row_has() -> None:
    named = {one.name for one in TABLES if file_fields_of(one.row)}
    with_path = {
        one.table for one in CARRIED if {"path", "evidence_path"} & fields_of(one).keys()
    }

    assert named == with_path


def _is_origin(carried: Carried, name: str) -> bool:
    """A bundle has the rows of its referral; those of a petition are empty there."""
    return name == "referral" and f"{label(carried.model)}.petition" in STAYS


def _takes(carried: Carried, name: str, value: Any) -> bool:
    try:
        carried.kind.row.model_validate({name: value}, strict=False)
    except ValidationError as error:
        return all(one["loc"] != (name,) for one in error.errors())
    return True
