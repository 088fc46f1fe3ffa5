"""A share of people or of money as pages print it."""


def percent(part: int, whole: int) -> str:
    """97.5 %, one decimal, rounded down: nobody is counted who was not reached.

    A dash where there is nothing to take a part of.
    """
    if not whole:
        return "–"
    tenths = 1000 * part // whole
    return f"{tenths // 10}.{tenths % 10} %"
