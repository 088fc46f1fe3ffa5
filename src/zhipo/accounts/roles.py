"""The roles of the people in a case, and what kind of organisation gives them."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    COURT = "court"  # 人民法院
    ADMINISTRATOR = "administrator"  # 管理人
    PLATFORM = "platform"  # 平台
    AGENCY = "agency"  # 行政机关
    INVESTOR = "investor"  # 投资人
    AUDITOR = "auditor"  # 审计人


class Role(StrEnum):
    CREDITOR = "creditor"  # 债权人
    ADMINISTRATOR_LEAD = "administrator_lead"  # 管理人负责人
    ADMINISTRATOR_REVIEWER = "administrator_reviewer"  # 管理人审查员
    ADMINISTRATOR_CASHIER = "administrator_cashier"  # 管理人出纳
    ENFORCEMENT_JUDGE = "enforcement_judge"  # 执行法官
    BANKRUPTCY_JUDGE = "bankruptcy_judge"  # 破产法官
    COURT_PRESIDENT = "court_president"  # 院长
    COURT_CLERK = "court_clerk"  # 书记员
    PLATFORM_OFFICER = "platform_officer"  # 平台人员
    AGENCY_OFFICER = "agency_officer"  # 机关人员
    INVESTOR = "investor"  # 投资人
    AUDITOR = "auditor"  # 审计人


GIVEN_BY: dict[Role, OrganisationKind] = {
    Role.ADMINISTRATOR_LEAD: OrganisationKind.ADMINISTRATOR,
    Role.ADMINISTRATOR_REVIEWER: OrganisationKind.ADMINISTRATOR,
    Role.ADMINISTRATOR_CASHIER: OrganisationKind.ADMINISTRATOR,
    Role.ENFORCEMENT_JUDGE: OrganisationKind.COURT,
    Role.BANKRUPTCY_JUDGE: OrganisationKind.COURT,
    Role.COURT_PRESIDENT: OrganisationKind.COURT,
    Role.COURT_CLERK: OrganisationKind.COURT,
    Role.PLATFORM_OFFICER: OrganisationKind.PLATFORM,
    Role.AGENCY_OFFICER: OrganisationKind.AGENCY,
    Role.INVESTOR: OrganisationKind.INVESTOR,
    Role.AUDITOR: OrganisationKind.AUDITOR,
}
"""Creditor is nobody's gift: whoever proves a phone may look for claims of their own."""

ADMINISTRATOR: frozenset[Role] = frozenset(
    {Role.ADMINISTRATOR_LEAD, Role.ADMINISTRATOR_REVIEWER, Role.ADMINISTRATOR_CASHIER}
)
BANKRUPTCY_COURT: frozenset[Role] = frozenset({Role.BANKRUPTCY_JUDGE, Role.COURT_CLERK})
STAFF: frozenset[Role] = frozenset(GIVEN_BY)
