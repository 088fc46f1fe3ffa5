"""What else is found out: a clue, the debtor's report, things that no institution keeps."""

from zhipo.demo import case as inputs
from zhipo.demo import court_days as day
from zhipo.demo.court_world import World
from zhipo.enforcement.actions.clues import ClueFinding, ClueGiven, check_clue, take_clue
from zhipo.enforcement.actions.protecting import (
    Description,
    find_ownership,
    register_property,
)
from zhipo.enforcement.actions.reports import (
    ItemGiven,
    enter_item,
    judge_report,
    order_report,
    receive_report,
)
from zhipo.enforcement.finding_states import ClueOutcome, ReportedChange
from zhipo.enforcement.models import Property
from zhipo.enforcement.states import PropertyKind, Title

STOCK, BRAND = "未设担保的存货", "域名和商标拍卖"
"""Their values are case.OTHER_ASSETS, at which the bankruptcy counts them."""

CLUE = "申请执行人反映：被执行人在湘潭县一处冷库存有冻品和包装物。"
STOCK_FOUND = "冻品和包装物一批（湘潭县冷库，现场清点）"
STOCKS_PLACE = "湘潭县易俗河镇冷库（演示地址）"
UNTRUE = "未报告冷库存货，予以训诫；其余内容与查控结果一致。"
BRAND_NAME = "“鲜享家”注册商标（第35类）"
ITEMS = (
    ItemGiven(
        PropertyKind.OTHER, ReportedChange.TRANSFERRED, "转让配送车二辆",
        changed_on=inputs.BOOKS_FROM.replace(year=2025), counterparty="长沙冷链物流公司",
    ),
    ItemGiven(
        PropertyKind.OTHER, ReportedChange.SPENT, "支付仓库租金和押金",
        changed_on=inputs.BOOKS_FROM.replace(year=2025, month=4), counterparty="仓库出租人",
    ),
)  # fmt: skip


def follow_clue(world: World) -> None:
    """An applicant tells of goods in a cold store; they are there."""
    clerk = world.people["clerk"]
    with world.clock.on(day.CLUE_ON):
        given = ClueGiven(PropertyKind.GOODS, CLUE, day.CLUE_ON, reference=STOCKS_PLACE)
        clue = take_clue(case_id=world.leading.pk, given=given, form_key="demo", by=clerk)
    with world.clock.on(day.CLUE_CHECKED_ON):
        finding = ClueFinding(
            ClueOutcome.FOUND, STOCK_FOUND, day.CLUE_CHECKED_ON, reference=STOCKS_PLACE,
            fen=world.scaled(inputs.OTHER_ASSETS[STOCK]),
        )  # fmt: skip
        clue = check_clue(clue_id=clue.pk, finding=finding, by=clerk)
        assert clue.found is not None
        _own(world, clue.found, "存货由被执行人采购并付款，仓单在其名下。")


def take_report(world: World) -> None:
    """The debtor reports its changes of a year, and leaves something out."""
    judge, clerk = world.people["enforcement"], world.people["clerk"]
    with world.clock.on(day.FROZEN_ON, hour=16):
        report = order_report(
            case_id=world.leading.pk, notice_received_on=day.FROZEN_ON,
            due_on=day.REPORT_DUE_ON, by=judge,
        )  # fmt: skip
    with world.clock.on(day.REPORT_CAME_ON):
        receive_report(report_id=report.pk, received_on=day.REPORT_CAME_ON, by=clerk)
        for place, item in enumerate(ITEMS):
            enter_item(report_id=report.pk, given=item, form_key=f"demo-{place}", by=clerk)
        judge_report(report_id=report.pk, is_untrue=True, note=UNTRUE, by=judge)


def describe_brand(world: World) -> None:
    """The brand stands in no institution's books: the court enters it."""
    value = world.scaled(inputs.OTHER_ASSETS[BRAND])
    with world.clock.on(day.REPORT_CAME_ON, hour=15):
        found = register_property(
            case_id=world.leading.pk,
            kind=PropertyKind.BRAND,
            label=BRAND_NAME,
            reference="TM-35-7001",
            description=Description(
                control="商标注册证由被执行人保管",
                loses_value_if="连续三年不使用，或者平台停止运营",
                value_fen=value,
            ),
            by=world.people["enforcement"],
        )
        _own(world, found, "商标注册人为被执行人，无质押和许可备案。")


def _own(world: World, found: Property, grounds: str) -> None:
    find_ownership(
        case_id=world.leading.pk, property_id=found.pk, outcome=Title.DEBTORS,
        grounds=grounds, by=world.people["enforcement"],
    )  # fmt: skip
