"""Tables of powers: which act is open in which phase, who leads it, who supervises it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from zhipo.accounts.roles import Role
from zhipo.web.refusals import NotAllowed, NotInState
from zhipo.web.words import say


class Supervisor(StrEnum):
    BANKRUPTCY_COURT = "bankruptcy_court"  # 破产案件受理法院
    MEETING = "meeting"  # 债权人会议、债权人委员会
    PARTIES = "parties"  # 债务人、债权人（异议和诉讼）
    HIGHER_COURT = "higher_court"  # 上级人民法院


@dataclass(frozen=True)
class Power:
    """One row: in these phases these roles lead the act, under these supervisors."""

    act: StrEnum
    phases: frozenset[StrEnum]
    leads: frozenset[Role]
    supervisors: tuple[Supervisor, ...]
    cite: str


@dataclass(frozen=True)
class PowerTable:
    """The rows of one stage of the procedure; `app` is where its words stand."""

    app: str
    rows: tuple[Power, ...]
    phases: type[StrEnum]

    def row_in(self, act: StrEnum, phase: StrEnum) -> Power | None:
        """The row that governs an act in a phase, None where the act is not open then."""
        return next(
            (one for one in self.rows if one.act == act and phase in one.phases), None
        )

    def check(self, act: StrEnum, phase: StrEnum, held: Iterable[Role]) -> Role:
        """The role among those `held` in which `act` may be done now.

        Raises NotAllowed where others lead the act, NotInState where the phase does not
        allow it: both say who leads it, when, by which article.
        """
        roles = frozenset(held)
        rows = [one for one in self.rows if one.act == act]
        if not roles & frozenset().union(*(one.leads for one in rows)):
            raise NotAllowed("cases.power.not_yours", **self._words(act, rows))
        row = self.row_in(act, phase)
        if row is None:
            said = say(f"{self.app}.phase.{phase}")
            raise NotInState("cases.power.not_now", phase=said, **self._words(act, rows))
        if not roles & row.leads:
            raise NotAllowed("cases.power.not_yours", **self._words(act, [row]))
        return min(roles & row.leads, key=list(Role).index)

    def allows(self, act: StrEnum, phase: StrEnum, held: Iterable[Role]) -> bool:
        """Whether `check` would let it pass: for showing a button or not."""
        row = self.row_in(act, phase)
        return row is not None and bool(frozenset(held) & row.leads)

    def open_to(self, held: Iterable[Role], phase: StrEnum) -> dict[str, bool]:
        """Every act by name, and whether it is open now to who holds these roles."""
        roles = frozenset(held)
        acts = dict.fromkeys(one.act for one in self.rows)
        return {act.value: self.allows(act, phase, roles) for act in acts}

    def _words(self, act: StrEnum, rows: list[Power]) -> dict[str, str]:
        """What a refusal says: the act, who leads it, in which phases, by which article."""
        roles = frozenset().union(*(one.leads for one in rows))
        phases = frozenset().union(*(one.phases for one in rows))
        between = say("cases.power.between")
        said = [say(f"{self.app}.phase.{one}") for one in self.phases if one in phases]
        return {
            "act": say(f"{self.app}.act.{act}"),
            "leads": between.join(say(f"cases.role.{one}") for one in Role if one in roles),
            "phases": between.join(said),
            "cite": "；".join(dict.fromkeys(one.cite for one in rows)),
        }
