"""What a petition asks for: who may ask for which procedure (art. 7, art. 95)."""

from datetime import date

import pytest

from factories import make_staff
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.enforcement.actions.petitions import PetitionGiven, receive_petition
from zhipo.enforcement.models import Petition, PetitionClock
from zhipo.enforcement.petition_states import Petitioner
from zhipo.law.triage.road import Procedure
from zhipo.web.refusals import NotInState

pytestmark = pytest.mark.django_db
P, W = Procedure, Petitioner
ALLOWED = {
    W.CREDITOR: {P.LIQUIDATION, P.REORGANISATION},
    W.DEBTOR: {P.LIQUIDATION, P.REORGANISATION, P.SETTLEMENT},
    W.LIQUIDATOR: {P.LIQUIDATION},
}
"""As the articles read, written down a second time."""


@pytest.fixture
def clerk(court: Organisation) -> User:
    return make_staff(Role.COURT_CLERK, court)


@pytest.mark.parametrize("by_whom", list(Petitioner))
@pytest.mark.parametrize("procedure", list(Procedure))
def test_each_asks_for_what_the_article_lets_them(
    court: Organisation, clerk: User, by_whom: Petitioner, procedure: Procedure
) -> None:
    given = PetitionGiven(
        "（2025）湘03破申1号", "鲜享家", by_whom, "甲公司", date(2025, 3, 3),
        procedure=procedure,
    )  # fmt: skip
    receiving = {"court_id": court.pk, "given": given, "form_key": "k", "by": clerk,
                 "today": date(2025, 3, 3)}  # fmt: skip

    if procedure in ALLOWED[by_whom]:
        assert receive_petition(**receiving).procedure == procedure
        entry = Entry.objects.get(event=Event.PETITION_RECEIVED)
        assert entry.detail["procedure"] == procedure
    else:
        with pytest.raises(NotInState, match="not_theirs"):
            receive_petition(**receiving)
        assert not Petition.objects.exists()
        assert not PetitionClock.objects.exists()
