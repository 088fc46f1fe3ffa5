"""Draw docs/picture.svg from the demo case: run `make demo` first."""

import json
import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from zhipo.demo import charts, report
from zhipo.demo.plans import VARIANTS

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "out" / "demo"


def main() -> int:
    summaries = {
        variant.id: DEMO / variant.id / "summary.json"
        for variant in VARIANTS
        if (DEMO / variant.id / "summary.json").exists()
    }
    if not summaries:
        print("there is no demo case to draw: run `make demo` first", file=sys.stderr)
        return 1
    read = {name: json.loads(path.read_text("utf-8")) for name, path in summaries.items()}
    loader = FileSystemLoader(report.HERE / "templates")
    template = Environment(loader=loader, autoescape=True).get_template("chart.svg")
    drawn = template.render(chart=charts.rates_chart(read, "zh"))
    (ROOT / "docs" / "picture.svg").write_text(drawn + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
