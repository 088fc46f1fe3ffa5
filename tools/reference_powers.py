"""The reference page of the powers: act x phase -> who leads, who supervises, article."""

from itertools import groupby

from reference_law import table


def powers_page() -> str:
    """Every act with the phases in which it is open, its leaders and its supervisors."""
    from zhipo.cases.powers import POWERS

    parts = [
        "# Powers 权力",
        "Who leads an act, in which phase of the case, under whose supervision, by which "
        "article. `cases/powers.py` holds the table and every act asks it; a refusal says "
        "what stands here. From acceptance on the enforcement court leads nothing: the "
        "administrator reports to the bankruptcy court and is supervised by the creditors' "
        "meeting and committee. How the administrator divides its work among its people, "
        "and the court between judge and clerk, is this project's policy.",
        table(
            ("Act", "Phases", "Leads", "Supervises", "Article"),
            [
                _row(power)
                for _, rows in groupby(POWERS, key=lambda one: one.act)
                for power in rows
            ],
        ),
        "## Act by phase",
        "`L` open, led by the roles above; an empty cell is refused with its reason.",
        _matrix(),
    ]
    return "\n\n".join(parts)


def _row(power: object) -> tuple[str, ...]:
    from zhipo.accounts.roles import Role
    from zhipo.cases.phases import Phase
    from zhipo.cases.powers import Power

    assert isinstance(power, Power)
    phases = [one for one in Phase if one in power.phases]
    leads = [one for one in Role if one in power.leads]
    return (
        f"{_both(f'act.{power.act}')} `{power.act}`",
        "every phase" if len(phases) == len(Phase) else ", ".join(phases),
        ", ".join(_english(f"role.{one}") for one in leads),
        ", ".join(_english(f"supervisor.{one}") for one in power.supervisors),
        power.cite,
    )


def _matrix() -> str:
    from zhipo.cases.phases import Phase
    from zhipo.cases.powers import Act, power_in

    rows = [
        (f"`{act}`", *("L" if power_in(act, phase) else "" for phase in Phase))
        for act in Act
    ]
    return table(("Act", *Phase), rows)


def _english(key: str) -> str:
    from zhipo.web.words import say

    return say(f"cases.{key}", lang="en")


def _both(key: str) -> str:
    from zhipo.web.words import say

    return f"{say(f'cases.{key}', lang='zh')} · {_english(key)}"
