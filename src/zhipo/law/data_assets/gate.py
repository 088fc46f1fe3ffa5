"""The gate: every part of the data passes it before it is valued for sale or sold."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.data_assets import crime, important, keeping, kinds, paths, sensitive
from zhipo.law.data_assets.crime import RecordKind
from zhipo.law.data_assets.duties import Duty
from zhipo.law.data_assets.keeping import DeletionGround, Fate
from zhipo.law.data_assets.kinds import Grade, PaperClass
from zhipo.law.data_assets.paths import Path
from zhipo.law.data_assets.sensitive import SensitiveKind


class Outcome(StrEnum):
    SELL = "sell"  # 可以出售
    AFTER_DUTIES = "after_duties"  # 履行义务后出售
    SIGN_OFF = "sign_off"  # 待人工签批
    EXCLUDE = "exclude"  # 不列入出售范围
    STORE = "store"  # 仅存储
    ERASE = "erase"  # 删除或者匿名化
    BLOCK = "block"  # 禁止出售


STRICTEST_FIRST = (Outcome.ERASE, Outcome.STORE, Outcome.BLOCK, Outcome.EXCLUDE)
"""What must be erased is erased, whatever else would have stopped its sale."""


@dataclass(frozen=True)
class DataPart:
    """One part of the data as it was found; the numbers count records and persons."""

    part_id: str
    paper_class: PaperClass
    concerns_person: bool
    can_identify: bool = False
    can_restore: bool = False
    is_consumer_data: bool = True
    records: int = 0
    persons: int = 0
    record_kind: RecordKind = RecordKind.OTHER_PERSONAL
    sensitive_kinds: frozenset[SensitiveKind] = frozenset()
    grade: Grade = Grade.GENERAL
    deletion_grounds: frozenset[DeletionGround] = frozenset()
    retained_until: date | None = None
    done: frozenset[Duty] = frozenset()

    @property
    def is_personal(self) -> bool:
        return kinds.is_personal_data(
            concerns_person=self.concerns_person,
            can_identify=self.can_identify,
            can_restore=self.can_restore,
        )


@dataclass(frozen=True)
class Sale:
    """To whom and how the data would go; `processed_persons` counts the whole debtor's.

    `has_assessment_duty`: see `important.export_duties`. The last five are options.
    """

    day: date
    business_moves: bool = False
    same_users: bool = False
    same_purpose: bool = False
    changes_use: bool = False
    is_declared_bankrupt: bool = True
    is_abroad: bool = False
    has_assessment_duty: bool = False
    is_case_open: bool = True
    has_major_effect: bool = sensitive.SUCCESSION_IS_MAJOR.default
    processed_persons: int = 0
    price_fen: int = 0
    obtained_in_service: bool = True
    signed_by: str | None = None
    sensitive_excluded: bool = sensitive.SENSITIVE_EXCLUDED.default
    foreign_blocked: bool = important.FOREIGN_BLOCKED.default
    succession_open: bool = paths.SUCCESSION_OPEN.default
    consumer_list_sale: bool = paths.CONSUMER_LIST_SALE.default
    keep_until_closing: bool = keeping.KEEP_UNTIL_CLOSING.default


@dataclass(frozen=True)
class Decision:
    """What becomes of one part, by which rules, and which duties are still open."""

    outcome: Outcome
    path: Path
    open_duties: tuple[Duty, ...]
    rule_ids: tuple[str, ...]


@dataclass
class _Findings:
    """What the checks of one part have found so far."""

    stop: Outcome | None = None
    duties: set[Duty] = field(default_factory=set)
    rule_ids: list[str] = field(default_factory=list)

    def stops(self, found: bool, outcome: Outcome, *rule_ids: str) -> None:
        """The strictest stop decides; the others still name their rules."""
        if found:
            stops = {outcome} | ({self.stop} if self.stop else set())
            self.stop = min(stops, key=STRICTEST_FIRST.index)
            self.rule_ids += rule_ids

    def asks(self, duties: Iterable[Duty], *rule_ids: str) -> None:
        found = set(duties)
        if found:
            self.duties |= found
            self.rule_ids += rule_ids


@rule(
    id="policy.data_gate",
    cite="《个人信息保护法》第二十二条；《个人信息保护法》第二十三条；"
    "《个人信息保护法》第四十七条；《网络数据安全管理条例》第三十二条",
    text=(
        "个人信息处理者因合并、分立、解散、被宣告破产等原因需要转移个人信息的，应"
        "当向个人告知接收方的名称或者姓名和联系方式。接收方应当继续履行个人信息处"
        "理者的义务。接收方变更原先的处理目的、处理方式的，应当依照本法规定重新取"
        "得个人同意。"
    ),
    status="P",
    since=date(2025, 1, 1),
    sheet=("DAT-01", "DAT-04", "DAT-05", "DAT-06", "DAT-09", "DAT-10", "DAT-13"),
    reason="the order of the checks is ours: the strictest answer of any rule decides, "
    "and every rule that spoke is named",
)
def gate(*, parts: tuple[DataPart, ...], sale: Sale) -> dict[str, Decision]:
    """The decision on each part, by its id: sold, sold after duties, or kept from sale.

    Records below the criminal number add up over all personal parts that would go,
    so the parts are decided together. Raises ValueError where two parts share an id.
    """
    found = {part.part_id: (part, _checked(part, sale)) for part in parts}
    if len(found) != len(parts):
        raise ValueError("two parts have one id")
    going = [part for part, one in found.values() if part.is_personal and not one.stop]
    must_sign = _must_sign(going, sale)
    return {
        part.part_id: _decision(part, _path(part, sale), one, must_sign and part in going)
        for part, one in found.values()
    }


def _path(part: DataPart, sale: Sale) -> Path:
    return paths.transfer_path(
        is_personal=part.is_personal,
        business_moves=sale.business_moves,
        same_users=sale.same_users,
        same_purpose=sale.same_purpose,
        succession_open=sale.succession_open,
    )


def _checked(part: DataPart, sale: Sale) -> _Findings:
    findings = _Findings(rule_ids=["cn.pipl.4", "policy.data_class"])
    treated = kinds.treated_as(paper_class=part.paper_class, is_personal=part.is_personal)
    _check_grade(part, sale, findings)
    if treated is PaperClass.PERSONAL:
        findings.rule_ids.append("cn.pipl.22.path")
        _check_personal(part, sale, findings)
    else:
        findings.asks({Duty.SECRECY_TERMS}, "policy.data_class")
    _check_abroad(part, sale, findings)
    return findings


def _check_grade(part: DataPart, sale: Sale, findings: _Findings) -> None:
    can_sell = important.may_be_sold_by_grade(grade=part.grade)
    findings.stops(not can_sell, Outcome.BLOCK, "cn.dsl.21", "policy.data_core")
    persons = max(part.persons, sale.processed_persons) if part.is_personal else 0
    reports = important.disposal_duties(persons=persons, grade=part.grade)
    findings.asks(reports, "cn.ndr.28")
    findings.asks(important.risk_duties(grade=part.grade), "cn.ndr.31")
    contract = paths.contract_duties(
        is_personal=part.is_personal, is_important=part.grade is not Grade.GENERAL
    )
    findings.asks(contract, "cn.ndr.12")


def _check_personal(part: DataPart, sale: Sale, findings: _Findings) -> None:
    path = _path(part, sale)
    fate = keeping.fate_of_data(
        grounds=part.deletion_grounds,
        day=sale.day,
        retained_until=part.retained_until,
        is_case_open=sale.is_case_open,
        keep_until_closing=sale.keep_until_closing,
    )
    findings.stops(fate is Fate.DELETE, Outcome.ERASE, "cn.pipl.47")
    findings.stops(fate is Fate.STORE_ONLY, Outcome.STORE, "cn.pipl.47")
    _check_sensitive(part, sale, findings)
    may_sell = paths.may_sell_consumer_data(
        path=path,
        is_consumer_data=part.is_consumer_data,
        sale_allowed=sale.consumer_list_sale,
    )
    findings.stops(not may_sell, Outcome.EXCLUDE, "cn.crpl.29")
    _ask_by_path(path, sale, findings)
    if sensitive.needs_impact_assessment(
        is_sensitive_part=sensitive.is_sensitive(kinds=part.sensitive_kinds),
        is_provided=path is Path.PROVISION,
        is_abroad=sale.is_abroad,
        has_major_effect=sale.has_major_effect,
    ):
        findings.asks({Duty.IMPACT_ASSESSMENT}, "cn.pipl.55")


def _check_sensitive(part: DataPart, sale: Sale, findings: _Findings) -> None:
    is_left_out = sensitive.is_left_out(
        kinds=part.sensitive_kinds, excluded=sale.sensitive_excluded
    )
    findings.stops(is_left_out, Outcome.EXCLUDE, "cn.pipl.28", "policy.data_sensitive")
    if not is_left_out:
        asked = sensitive.sensitive_duties(kinds=part.sensitive_kinds)
        findings.asks(asked, "cn.pipl.28", "cn.pipl.29")


def _ask_by_path(path: Path, sale: Sale, findings: _Findings) -> None:
    if path is Path.SUCCESSION:
        asked = paths.succession_duties(changes_use=sale.changes_use)
        findings.asks(asked, "cn.pipl.22")
        approval = paths.approval_before_declaration(
            is_declared_bankrupt=sale.is_declared_bankrupt
        )
        findings.asks(approval, "cn.pipl.22.declared")
        return
    asked = paths.provision_duties(changes_use=sale.changes_use)
    findings.asks(asked, "cn.pipl.23")


def _check_abroad(part: DataPart, sale: Sale, findings: _Findings) -> None:
    is_blocked = important.is_blocked_abroad(
        is_abroad=sale.is_abroad,
        is_personal=part.is_personal,
        grade=part.grade,
        foreign_blocked=sale.foreign_blocked,
    )
    findings.stops(is_blocked, Outcome.BLOCK, "cn.pipl.38", "policy.data_abroad")
    duties = important.export_duties(
        is_abroad=sale.is_abroad,
        is_personal=part.is_personal,
        grade=part.grade,
        has_assessment_duty=sale.has_assessment_duty,
    )
    findings.asks(duties, "cn.pipl.38")


def _must_sign(going: list[DataPart], sale: Sale) -> bool:
    records: Counter[RecordKind] = Counter()
    for part in going:
        records[part.record_kind] += part.records
    reaches = crime.reaches_criminal_threshold(
        records=records,
        gains_fen=sale.price_fen,
        obtained_in_service=sale.obtained_in_service,
    )
    try:
        crime.checked_sign_off(reaches_threshold=reaches, signed_by=sale.signed_by)
    except crime.NobodySigned:
        return True
    return False


def _decision(part: DataPart, path: Path, findings: _Findings, must_sign: bool) -> Decision:
    open_duties = tuple(sorted(findings.duties - part.done))
    rule_ids = findings.rule_ids
    outcome = Outcome.AFTER_DUTIES if open_duties else Outcome.SELL
    if must_sign:
        outcome = Outcome.SIGN_OFF
        rule_ids = [*rule_ids, "cn.crim.253a", "policy.data_sign_off"]
    return Decision(
        outcome=findings.stop or outcome,
        path=path,
        open_duties=open_duties,
        rule_ids=tuple(dict.fromkeys(rule_ids)),
    )
