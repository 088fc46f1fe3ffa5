"""Whose a thing is, what keeps its value, and harsh measures held back in lawful forms."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.findings import reference_hash, settle_title
from zhipo.enforcement.actions.inquiring import locked_case
from zhipo.enforcement.models import EnforcementCase, OwnershipCheck, Property, Protection
from zhipo.enforcement.policies.own_case import check_own_case
from zhipo.enforcement.powers import Act
from zhipo.enforcement.states import PropertyKind, Title
from zhipo.law.enforcement.freezes import Measure, deferral_ends, protective_form
from zhipo.law.enforcement.measures import Exempt
from zhipo.web.refusals import NotInState


@dataclass(frozen=True)
class Description:
    """What the court finds out about a property; `control` is who holds the passwords."""

    holder: str = ""
    control: str = ""
    loses_value_if: str = ""
    exempt_as: Exempt | None = None
    value_fen: int | None = None


@dataclass(frozen=True)
class Circumstances:
    """What the lawful forms of holding back depend on (ENF-10)."""

    parties_settled: bool = False
    has_security: bool = False
    applicant_consents: bool = False
    may_be_used: bool = False
    security_until: date | None = None


@transaction.atomic
def register_property(
    *,
    case_id: int,
    kind: PropertyKind,
    label: str,
    reference: str,
    description: Description,
    by: Any,
) -> Property:
    """Enter a property that no institution reports: a brand, data, a domain, goods.

    The same kind and reference again is the same property. Raises NotAllowed, NotInState.
    """
    case = locked_case(case_id)
    check_own_case(case, Act.CHECK_OWNERSHIP, by)
    found, is_new = Property.objects.get_or_create(
        debtor=case.debtor,
        institution=None,
        kind=kind,
        reference_hash=reference_hash(reference),
        defaults={
            "reference": reference,
            "label": label[:200],
            "as_of": timezone.now(),
            "found_by": f"case {case.pk}",
            **_fields(description, holder=case.debtor.name),
        },
    )
    if is_new:
        record(Event.PROPERTY_DESCRIBED, of=found, by=by, chain=case.number, kind=kind,
               is_new=True)  # fmt: skip
    return found


@transaction.atomic
def describe_property(
    *, case_id: int, property_id: int, description: Description, by: Any
) -> Property:
    """Enter who holds and controls it, what would destroy its value, whether it is exempt.

    Raises NotAllowed, NotInState.
    """
    case, found = _property_of(case_id, property_id)
    check_own_case(case, Act.CHECK_OWNERSHIP, by)
    fields = _fields(description, holder=found.holder)
    if found.institution_id is not None:
        del fields["value_fen"]  # the institution's own figure stands
    changed = [name for name, value in fields.items() if getattr(found, name) != value]
    if not changed:
        return found

    for name in changed:
        setattr(found, name, fields[name])
    found.save(update_fields=changed)

    record(Event.PROPERTY_DESCRIBED, of=found, by=by, chain=case.number, changed=changed,
           exempt_as=found.exempt_as)  # fmt: skip
    return found


@transaction.atomic
def find_ownership(
    *,
    case_id: int,
    property_id: int,
    outcome: Title,
    grounds: str,
    by: Any,
    now: datetime | None = None,
) -> OwnershipCheck:
    """The court's own finding on whose a property is; it stands above the books'.

    The same finding again is the one that stands. Raises NotAllowed, NotInState.
    """
    case, found = _property_of(case_id, property_id)
    check_own_case(case, Act.CHECK_OWNERSHIP, by)
    if not grounds.strip() or outcome is Title.UNCHECKED:
        raise NotInState("enforcement.refused.no_grounds")
    newest = found.checks.order_by("-at", "-pk").first()
    if newest is not None and (newest.outcome, newest.grounds) == (outcome, grounds):
        return newest

    check = OwnershipCheck.objects.create(
        target=found, outcome=outcome, grounds=grounds, by=by, at=now or timezone.now()
    )
    settle_title(found)

    record(Event.OWNERSHIP_FOUND, of=found, by=by, chain=case.number, outcome=outcome)
    return check


@transaction.atomic
def protect(
    *,
    case_id: int,
    property_id: int,
    circumstances: Circumstances,
    grounds: str,
    days: tuple[date, date | None],
    by: Any,
) -> Protection:
    """Hold back from harsh measures, in the lawful form that the circumstances allow.

    `days` are the first and the last, None for as long as the form lasts; a deferral
    ends with its security, one year at the longest. The same again is the one that
    stands. Raises NotAllowed, NotInState; NotInState too where no form fits.
    """
    case, found = _property_of(case_id, property_id)
    check_own_case(case, Act.PROTECT, by)
    form = _form_of(circumstances)
    if not grounds.strip():
        raise NotInState("enforcement.refused.no_grounds")
    since, until = days
    until = _last_day(form, circumstances, since, until)
    known = found.protections.filter(form=form, since=since, until=until).first()
    if known is not None:
        return known

    protection = Protection.objects.create(
        target=found, form=form, grounds=grounds, since=since, until=until, by=by,
        at=timezone.now(),
    )  # fmt: skip

    record(Event.PROPERTY_PROTECTED, of=protection, by=by, chain=case.number, form=form,
           since=str(since), until=str(until))  # fmt: skip
    return protection


def _property_of(case_id: int, property_id: int) -> tuple[EnforcementCase, Property]:
    """Case and property of one debtor, the property locked. Raises DoesNotExist."""
    case = locked_case(case_id)
    found = Property.objects.select_for_update(no_key=True).get(
        pk=property_id, debtor=case.debtor_id
    )
    return case, found


def _fields(description: Description, *, holder: str) -> dict[str, Any]:
    return {
        "holder": description.holder or holder,
        "control": description.control,
        "loses_value_if": description.loses_value_if,
        "exempt_as": description.exempt_as or "",
        "value_fen": description.value_fen,
    }


def _form_of(circumstances: Circumstances) -> Measure:
    form = protective_form(
        parties_settled=circumstances.parties_settled,
        has_security=circumstances.has_security,
        applicant_consents=circumstances.applicant_consents,
        may_be_used=circumstances.may_be_used,
    )
    if form is Measure.NONE:
        rule: Any = protective_form
        raise NotInState("enforcement.refused.no_lawful_form", cite=rule.rule.cite)
    return form


def _last_day(
    form: Measure, circumstances: Circumstances, since: date, until: date | None
) -> date | None:
    """A deferral has an end by law, the other forms only where one is set."""
    if form is Measure.DEFERRED_WITH_SECURITY:
        longest = deferral_ends(since=since, security_until=circumstances.security_until)
        until = min(until or longest, longest)
    if until is not None and until <= since:
        raise NotInState("enforcement.refused.protection_period")
    return until
