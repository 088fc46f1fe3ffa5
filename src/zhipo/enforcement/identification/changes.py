"""What differs between two versions of a memo: facts, answers, points, roads, money."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhipo.enforcement.identification.facts import POINTS_OF


class ChangeKind(StrEnum):
    """What has changed between two versions."""

    FACT_VALUE = "fact_value"  # 事实
    FINDING = "finding"  # 规则审查结论
    POINTS = "points"  # 评分
    PROPOSAL = "proposal"  # 程序建议
    CLASS_RECOVERY = "class_recovery"  # 分类清偿预期


@dataclass(frozen=True)
class Change:
    """One thing that differs; None where a version did not have it."""

    kind: ChangeKind
    key: str
    before: Any
    after: Any


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every difference between two memos' contents, in the order of a memo."""
    return [
        Change(kind, key, *pair)
        for kind, read in READERS.items()
        for key, pair in _pairs(read(before), read(after))
        if pair[0] != pair[1]
    ]


def _pairs(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for key in dict.fromkeys([*after, *before]):
        yield key, (before.get(key), after.get(key))


def _proposals(content: Mapping[str, Any]) -> dict[str, Any]:
    return {"now": [content["roads"]["now"], content["is_fast"]]}


def _facts(content: Mapping[str, Any]) -> dict[str, Any]:
    """All but points, which have a row of their own whoever gave them."""
    facts = content["facts"].items()
    return {key: one["value"] for key, one in facts if key not in set(POINTS_OF)}


def _findings(content: Mapping[str, Any]) -> dict[str, Any]:
    return {one["question"]: one["answer"] for one in content["findings"]}


def _points(content: Mapping[str, Any]) -> dict[str, Any]:
    return {one["indicator"]: one["given"] for one in content["points"]["rows"]}


def _classes(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        one["claim_class"]: {
            "enforcement": one["enforcement"],
            "bankruptcy": one["bankruptcy"],
        }
        for one in content["recovery"]["classes"]
    }


READERS = {
    ChangeKind.PROPOSAL: _proposals,
    ChangeKind.FINDING: _findings,
    ChangeKind.FACT_VALUE: _facts,
    ChangeKind.POINTS: _points,
    ChangeKind.CLASS_RECOVERY: _classes,
}
