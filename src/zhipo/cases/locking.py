"""A case, locked: its acts follow one another."""

from zhipo.cases.models import Case


def locked_case(case_id: int) -> Case:
    """The case, held against every other act on it until the transaction ends.

    Rows that only refer to it may be added meanwhile. Raises Case.DoesNotExist.
    """
    return Case.objects.select_for_update(no_key=True).get(pk=case_id)
