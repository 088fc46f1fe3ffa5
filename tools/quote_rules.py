"""Fill in `text=QUOTE` in the law's modules with the sentences that the cite names.

    python tools/quote_rules.py FOLDER

The paragraph (款) and item (项) of the first citation are copied from the statute's
text; without them the whole article is. Run once after writing a rule; what is filled
in is then checked by tests/law/test_statutes.py against the project's own copy.
"""

import re
import sys
from pathlib import Path

from copy_statutes import articles_of
from zhipo.law.statutes import TITLES

LAW = Path(__file__).parents[1] / "src" / "zhipo" / "law"
DIGITS = "零一二三四五六七八九"
CITE = re.compile(
    r"《(?P<title>[^》]+)》(?P<article>第[一二三四五六七八九十百零]+条(?:之一)?)"
    r"(?:第(?P<paragraph>[一二三四五六七八九十]+)款)?"
    r"(?:第(?P<item>[一二三四五六七八九十]+)项)?"
)
PLACE = re.compile(r'cite=(?P<cite>(?:"[^"]+"\s*)+),(?P<between>\s+)text=QUOTE')
WIDTH = 36


def number(chinese: str) -> int:
    """一 … 九十九 as a number."""
    tens, _, ones = chinese.rpartition("十")
    if "十" not in chinese:
        return DIGITS.index(chinese)
    return 10 * (DIGITS.index(tens) if tens else 1) + (DIGITS.index(ones) if ones else 0)


def sentence(folder: Path, cite: str) -> str:
    """The words that the first citation of `cite` names."""
    found = CITE.search(cite)
    if found is None or found["title"] not in TITLES:
        raise ValueError(f"no enactment at hand for {cite}")
    raw = (folder / f"{TITLES[found['title']]}.md").read_text(encoding="utf-8")
    lines = articles_of(raw)[found["article"]].split("\n")
    if found["item"]:
        wanted = f"（{found['item']}）"
        return next(line for line in lines if line.startswith(wanted))
    if found["paragraph"]:
        heads = [i for i, line in enumerate(lines) if not line.startswith("（")]
        start = heads[number(found["paragraph"]) - 1]
        ends = [*heads[1:], len(lines)]
        return "\n".join(lines[start : ends[heads.index(start)]])
    return "\n".join(lines)


def quoted(text: str, indent: str) -> str:
    """A Python string in lines that fit."""
    text = text.replace("\n", "……")
    pieces = [text[i : i + WIDTH] for i in range(0, len(text), WIDTH)]
    if len(pieces) == 1:
        return f'text="{text}"'
    lines = "".join(f'{indent}    "{piece}"\n' for piece in pieces)
    return f"text=(\n{lines}{indent})"


def main(folder: Path) -> int:
    status = 0
    for path in sorted(LAW.rglob("*.py")):
        source = path.read_text(encoding="utf-8")

        def fill(match: re.Match[str]) -> str:
            indent = match["between"].lstrip("\n")
            text = quoted(sentence(folder, match["cite"]), indent)
            return f"cite={match['cite']},{match['between']}{text}"

        try:
            filled = PLACE.sub(fill, source)
        except (ValueError, KeyError, StopIteration, IndexError) as error:
            print(f"{path.name}: {error!r}", file=sys.stderr)
            status = 1
            continue
        if filled != source:
            path.write_text(filled, encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
