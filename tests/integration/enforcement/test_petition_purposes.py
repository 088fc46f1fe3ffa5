"""Who may petition for which procedure (arts. 7, 95), and who owes papers afterwards."""

from datetime import date

import pytest

from devices import device_of
from factories import make_staff
from factories_referrals import RULED, Bench, at_noon, bankruptcy_of
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


@pytest.mark.parametrize(
    ("by_whom", "owes"), [(W.CREDITOR, True), (W.DEBTOR, False), (W.LIQUIDATOR, False)]
)
def test_who_asked_has_handed_its_papers_in_with_the_petition(
    bench: Bench, by_whom: Petitioner, owes: bool
) -> None:
    """Art. 11, second paragraph, gives fifteen days to those petitioned against."""
    case = bankruptcy_of(bench)
    Petition.objects.create(
        court=bench.intermediate, form_key="k", number="一号", name=case.debtor,
        by_whom=by_whom, petitioner="甲公司", received_on=RULED, ruled_on=RULED,
        state="petition_ended", outcome="petition_accepted", case=case,
        entered_by=bench.bankruptcy_clerk, entered_at=at_noon(RULED),
    )  # fmt: skip

    device_of(bench.bankruptcy_judge).post(
        f"/court/{case.slug}/served", {"served_on": RULED.isoformat()}
    )

    papers = case.clocks.get(deadline="D07")
    assert (papers.done_at is None) == owes


def test_after_a_referral_the_debtor_owes_its_papers(bench: Bench) -> None:
    case = bankruptcy_of(bench)

    device_of(bench.bankruptcy_judge).post(
        f"/court/{case.slug}/served", {"served_on": RULED.isoformat()}
    )

    assert case.clocks.get(deadline="D07").done_at is None
