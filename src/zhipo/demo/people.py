"""Believable people who cannot exist.

Identity numbers have a right check digit and the sequence code 000, which is never
issued; phone numbers begin with 172, which is for machines' data cards, not people.
"""

import numpy as np
import numpy.typing as npt

FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英华玉兰霞平刚桂文辉力建国红梅丹雪琳晨宇浩轩"
REGIONS = ("110105", "310115", "330106", "430302", "430304", "440305", "510104", "500103")
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = np.array(list("10X98765432"))
Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.str_]


def names(rng: np.random.Generator, count: int) -> Texts:
    """Family name and one or two given characters."""
    family = np.array(list(FAMILY))[rng.integers(0, len(FAMILY), count)]
    given = np.array(list(GIVEN))
    first = given[rng.integers(0, len(GIVEN), count)]
    second = np.where(
        rng.random(count) < 0.6, given[rng.integers(0, len(GIVEN), count)], ""
    )
    return np.char.add(np.char.add(family, first), second)


def id_numbers(rng: np.random.Generator, count: int) -> Texts:
    """Region, date of birth, 000, check digit."""
    if count == 0:
        return np.array([], dtype="U18")
    regions = np.array(REGIONS)[rng.integers(0, len(REGIONS), count)]
    born = np.datetime64("1950-01-01") + rng.integers(0, 20_000, count)
    days = np.char.replace(np.datetime_as_string(born, unit="D"), "-", "")
    body = np.char.add(np.char.add(regions, days), "000")
    digits = body.view("U1").reshape(count, 17).astype(np.int64)
    return np.char.add(body, _CHECK[(digits * _WEIGHTS).sum(axis=1) % 11])


def phones(numbers: Ints) -> Texts:
    """172 and eight digits of the member's number."""
    return numbered("172", numbers)


def numbered(prefix: str, numbers: Ints) -> Texts:
    """The prefix and eight digits; of no numbers, none (numpy pads no empty array)."""
    if len(numbers) == 0:
        return np.array([], dtype="U12")
    return np.char.add(prefix, np.char.zfill(numbers.astype(str), 8))
