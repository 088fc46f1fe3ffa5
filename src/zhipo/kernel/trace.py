"""Traces: which rules ran, on what, with which intermediate values and what result.

Rule functions return plain values. Whoever must explain a number opens a trace:

    with tracing() as steps:
        fen = refund_fen(paid_fen=100_000, ...)

and finds one Step per rule, nested as they called each other.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from zhipo.kernel.rules import Rule

T = TypeVar("T")


@dataclass
class Step:
    """One rule at work: inputs, intermediate values (`notes`), result, sub-steps."""

    rule: "Rule"
    inputs: Mapping[str, Any]
    value: Any = None
    notes: dict[str, Any] = field(default_factory=dict)
    steps: list["Step"] = field(default_factory=list)

    @property
    def needs_lawyer_check(self) -> bool:
        return self.rule.status == "U"

    def walk(self) -> Iterator["Step"]:
        """This step and all below it, in the order of the calls."""
        yield self
        for below in self.steps:
            yield from below.walk()


@dataclass(frozen=True)
class Traced(Generic[T]):
    """A result and how it came about."""

    value: T
    steps: list[Step]

    @property
    def rule_ids(self) -> list[str]:
        """The ids of all rules that ran, each once, in the order of the calls."""
        walked = (step.rule.id for top in self.steps for step in top.walk())
        return list(dict.fromkeys(walked))

    @property
    def needs_lawyer_check(self) -> bool:
        return any(step.needs_lawyer_check for top in self.steps for step in top.walk())


_open: ContextVar[list[Step] | None] = ContextVar("open_steps", default=None)
_current: ContextVar[Step | None] = ContextVar("current_step", default=None)


@contextmanager
def tracing() -> Iterator[list[Step]]:
    """Collect the steps of every rule called inside."""
    steps: list[Step] = []
    token, current = _open.set(steps), _current.set(None)
    try:
        yield steps
    finally:
        _open.reset(token)
        _current.reset(current)


def traced(function: Callable[..., T], **inputs: Any) -> Traced[T]:
    """Call a function and keep its trace."""
    with tracing() as steps:
        value = function(**inputs)
    return Traced(value, steps)


def note(**values: Any) -> None:
    """Keep intermediate values in the step at work; nothing if nobody is tracing."""
    step = _current.get()
    if step is not None:
        step.notes.update(values)


@contextmanager
def step(rule: "Rule", inputs: Mapping[str, Any]) -> Iterator[Step]:
    """Record one rule's call under whichever rule is calling it."""
    one = Step(rule, dict(inputs))
    steps = _open.get()
    if steps is None:
        yield one
        return
    steps.append(one)
    opened, current = _open.set(one.steps), _current.set(one)
    try:
        yield one
    finally:
        _open.reset(opened)
        _current.reset(current)
