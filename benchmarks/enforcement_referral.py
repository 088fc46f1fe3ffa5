"""The way of one seed into bankruptcy: consent to ruling, some of its days missed."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from enforcement_ground import COURTS, People
from enforcement_referral_found import clocks_untold
from zhipo.enforcement.models import Consent, Notice, Proceeds, Referral, Service
from zhipo.enforcement.policies.stays import is_estate

FIRST, SECOND = COURTS
ACCEPTED, WANTED = 0.6, 0.5
"""How often a petition is accepted, and how often papers are asked for before."""


@dataclass
class Sent:
    """What the run has told the courts to do; looked for afterwards."""

    referral: int = 0
    versions: int = 0
    supplements: int = 0
    is_accepted: bool = False
    number: str = ""


@dataclass
class Referring:
    """`act` tells the acting process, `wait` lets days pass; `faults` is what was found."""

    act: Callable[..., Any]
    wait: Callable[[int], Any]
    people: People
    chance: random.Random
    seed: int
    faults: list[str] = field(default_factory=list)
    sent: Sent = field(default_factory=Sent)

    def go(self, case_id: int, debtor_id: int) -> None:
        """The whole way."""
        self.sent.referral = self.act(
            "refer", case_id=case_id, debtor_id=debtor_id,
            receiving_id=self.people.courts[SECOND], by=FIRST,
        )  # fmt: skip
        self._consent()
        self._decide()
        self._serve()
        self._send()
        self._review()
        self.sent.number = f"（2024）湘03破{self.seed}号"
        self.sent.is_accepted = self.chance.random() < ACCEPTED
        if self.sent.is_accepted:
            self._accept()
        else:
            self._refuse()
        self._pass(1, 12)

    def _consent(self) -> None:
        self._do("ask", by=FIRST)
        self._pass(1, 3)
        asked = Consent.objects.filter(referral=self.sent.referral).order_by("pk")
        agree = [True, *(self.chance.random() < 0.5 for _ in asked[1:])]
        for consent, agrees in zip(asked, agree, strict=True):
            self.act("answer", consent_id=consent.pk, agrees=agrees, by=FIRST)

    def _decide(self) -> None:
        self._do("sign_handler", by=FIRST)
        for place in (1, 2):
            self._do("sign_panel", by=f"panel-{place}")
        self._pass(0, 2)
        number = f"（2024）湘0302执移{self.seed}号"
        self._do("sign_president", number=number, by="president")

    def _serve(self) -> None:
        """Within the five days, or after them."""
        self._write(FIRST)
        self._pass(1, 9)
        for letter in self._letters(sent=True):
            self.act("acknowledge", notice_id=letter.pk, by=SECOND)
        to_serve = Service.objects.filter(referral=self.sent.referral).order_by("pk")
        for one in to_serve:
            self._do("serve", service_ids=[one.pk], by=FIRST)

    def _send(self) -> None:
        self._pass(0, 3)
        self._do("send", by=FIRST)
        self._receive()

    def _receive(self) -> None:
        self._pass(0, 2)
        number = f"（2024）湘03破申{self.seed}号"
        self._do("receive", number=number, by="bankruptcy")
        self.sent.versions += 1

    def _review(self) -> None:
        """Papers are asked for or not; the thirty days are kept or not."""
        self._pass(1, 9)
        if self.chance.random() < WANTED:
            wanted = self._do("want", what="最近一年的财务报表", by="bankruptcy")
            self.sent.supplements += 1
            self._pass(1, 15)
            self.act("supplement", supplement_id=wanted, by=FIRST)
            self._do("seal", by=FIRST)
            self._receive()
        self._pass(1, 30)

    def _accept(self) -> None:
        self._do("accept", number=self.sent.number, by="bankruptcy",
                 administrator_id=self.people.administrator)  # fmt: skip
        for party in COURTS:
            self._write(party)
        self._pass(1, 7)
        self._do("take_ruling", by=FIRST)
        self._pass(1, 9)
        for party in COURTS:
            held = Proceeds.objects.filter(case__court=self.people.courts[party])
            estate = [one.pk for one in held if is_estate(one)]
            if estate:
                self._do("hand_over", proceeds_ids=estate, by=party)

    def _refuse(self) -> None:
        self._do("refuse", number=self.sent.number, by="bankruptcy")
        self._pass(1, 8)
        self._do("serve_refusal", by="bankruptcy")
        self._pass(24, 30)
        self._do("end_refusal", by="bankruptcy")
        self._pass(1, 10)
        self._do("give_back", by="bankruptcy")

    def _write(self, party: str) -> None:
        """Send what the court of this party has to send."""
        own = self._letters(sent=False).filter(sender=self.people.courts[party])
        if waiting := list(own.values_list("pk", flat=True)):
            self._do("write", notice_ids=waiting, by=party)

    def _letters(self, *, sent: bool) -> Any:
        letters = Notice.objects.filter(referral=self.sent.referral, court__isnull=False)
        if not sent:
            letters = Notice.objects.filter(referral=self.sent.referral)
        return letters.filter(sent_on__isnull=not sent).order_by("pk")

    def _do(self, name: str, **given: Any) -> Any:
        return self.act(name, referral_id=self.sent.referral, **given)

    def _pass(self, least: int, most: int) -> None:
        """Some days go by; then the worker looks at the deadlines, most of the times."""
        now = self.wait(self.chance.randint(least, most))
        if self.chance.random() < 0.8:
            self.act("watch_clocks", now=now)
            referral = Referral.objects.get(pk=self.sent.referral)
            self.faults += clocks_untold(referral, now)
