"""Copy the cited articles, whole, from a folder of statute texts into the project.

    python tools/copy_statutes.py FOLDER

Reads which articles the rules cite and writes src/zhipo/law/statutes/<title>.yaml.
Run it after adding a rule; the folder is a maintainer's, users never need it.
"""

import hashlib
import re
import sys
from collections import defaultdict
from pathlib import Path

import yaml

from zhipo.kernel.rules import all_rules
from zhipo.law.registry import import_all
from zhipo.law.statutes import TITLES, articles_cited

TARGET = Path(__file__).parents[1] / "src" / "zhipo" / "law" / "statutes"
HEADING = re.compile(
    r"^(?:\*\*)?(第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?)"
    r"(?:\*\*)?[\s　]+",
    re.MULTILINE,
)


def articles_of(text: str) -> dict[str, str]:
    """Article heading -> its paragraphs, one a line."""
    found = list(HEADING.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return {
        match[1]: _paragraphs(text[match.end() : end])
        for match, end in zip(found, ends, strict=True)
    }


def _paragraphs(text: str) -> str:
    lines = (line.strip().strip("\u200b") for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("#"))


def main(folder: Path) -> int:
    import_all()
    cited: dict[str, set[str]] = defaultdict(set)
    for rule in all_rules():
        for title, article in articles_cited(rule.cite):
            cited[title].add(article)
    missing = []
    for title in sorted(cited.keys() & TITLES.keys()):
        source = folder / f"{TITLES[title]}.md"
        raw = source.read_bytes()
        articles = articles_of(raw.decode())
        missing += [f"{title} {one}" for one in cited[title] if one not in articles]
        kept = {one: text for one, text in articles.items() if one in cited[title]}
        content = {
            "title": title,
            "source": source.name,
            "sha256": hashlib.sha256(raw).hexdigest(),
            "articles": kept,
        }
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=4096)
        (TARGET / f"{title}.yaml").write_text(text, encoding="utf-8")
    for one in missing:
        print(f"not found: {one}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
