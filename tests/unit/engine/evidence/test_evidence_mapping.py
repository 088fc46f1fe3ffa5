"""Mapping files of users: what they can say, and how a wrong one is refused."""

import pytest

from zhipo.engine.evidence.mapping import formats, read_mapping
from zhipo.kernel.faults import Refused

MAPPING = """\
format: 1
name: {zh: 试, en: test}
zone: Asia/Tokyo
unit: fen
columns:
  who: [Customer]
  day: [Date]
  paid: [Paid]
at: {first_of: [day], pattern: "%d/%m/%Y"}
amount: paid
holder: who
rows:
  - {when: {sign: [positive]}, kind: top_up}
  - {when: {sign: [negative]}, kind: refund}
  - {when: {sign: [zero]}, leave_out: nothing}
reasons:
  nothing: {zh: 零, en: zero}
"""
TABLE = "Customer,Date,Paid\nA,05/02/2024,150\nA,06/02/2024,-50\nB,07/02/2024,0\n"


@pytest.mark.parametrize("name", formats())
def test_shipped_formats_are_sound(name):
    mapping = read_mapping(formats()[name])

    assert mapping.layouts
    assert mapping.keys["source"]


def test_sign_unit_zone_and_pattern(bench):
    mapping = bench.write("m.yaml", MAPPING)

    events = bench.read(str(mapping), bench.write("t.csv", TABLE))

    assert [(e["kind"], e["fen"]) for e in events] == [("top_up", 150), ("refund", 50)]
    assert events[0]["at"].isoformat() == "2024-02-04T15:00:00+00:00"
    assert bench.left_out == ["t.csv,4,nothing,0"]
    assert bench.manifest["left_out"][0]["en"] == "zero"


def test_other_scale(bench):
    text = MAPPING.replace("unit: fen", "unit: {fen: 1000000}")
    table = TABLE.replace("Paid", "Paid(万元)")

    events = bench.read(str(bench.write("m.yaml", text)), bench.write("t.csv", table))

    assert events[0]["fen"] == 150_000_000


def test_computed_amounts_are_rounded_by_line_and_the_difference_told(bench):
    text = MAPPING.replace("paid: [Paid]", "paid: [Paid]\n  each: [Each]")
    text = text.replace("amount: paid", "amount: {multiply: [paid, each]}\nround: half_up")
    text = text.replace("unit: fen", "unit: yuan")
    text += "tallies: [{name: gross, sum: value, expect_sum: '0.0202', expect_rows: 2}]\n"
    table = "Customer,Date,Paid,Each\nA,05/02/2024,3,0.005\nA,05/02/2024,1,0.0051\n"

    events = bench.read(str(bench.write("m.yaml", text)), bench.write("t.csv", table))

    assert [e["fen"] for e in events] == [2, 1]
    assert bench.manifest["tallies"] == [{"name": "gross", "rows": 2, "sum": "0.0201"}]
    assert bench.manifest["rounding"] == {"exact_fen": "2.01", "difference_fen": "0.99"}
    assert [d["what"] for d in bench.manifest["differences"]] == ["gross: sum"]


def test_table_without_a_header_by_white_space(bench):
    text = MAPPING + "header: [Customer, Date, Paid]\ndelimiter: white_space\n"
    table = " A  05/02/2024   7\n B 06/02/2024 8\n"

    events = bench.read(str(bench.write("m.yaml", text)), bench.write("t.txt", table))

    assert [(e["event_id"], e["fen"]) for e in events] == [
        ("00001-000000001", 7),
        ("00001-000000002", 8),
    ]


def test_line_ends_inside_values_where_the_mapping_allows_them(bench):
    text = MAPPING + "newlines_in_values: true\n"
    table = TABLE.replace("A,05", '"A\nA",05')

    events = bench.read(str(bench.write("m.yaml", text)), bench.write("t.csv", table))

    assert [e["holder_id"] for e in events] == ["A\nA", "A"]


def test_folder_is_read_by_its_pattern_in_order_of_names(bench):
    folder = bench.folder / "days"
    folder.mkdir()
    for name, fen in (("b.csv", 2), ("a.csv", 1), ("c.txt", 3)):
        (folder / name).write_text(f"Customer,Date,Paid\nA,05/02/2024,{fen}\n")
    mapping = bench.write("m.yaml", MAPPING + 'files: "*.csv"\n')

    events = bench.read(str(mapping), folder)

    assert [e["fen"] for e in events] == [1, 2]
    assert [entry["name"] for entry in bench.manifest["inputs"]] == ["a.csv", "b.csv"]


WRONG = {
    "not YAML": ("columns:", "columns: [", 0, ""),
    "an unknown key": ("unit: fen", "units: fen", 1, ""),
    "a wrong value": ("unit: fen", "unit: dollar", 4, "unit"),
    "a key twice": ("unit: fen", "unit: fen\nunit: yuan", 5, "unit"),
    "a field without a column": ("holder: who", "holder: whom", 1, "whom"),
    "a reason unexplained": ("leave_out: nothing", "leave_out: other", 0, "other"),
    "a zone unknown": ("Asia/Tokyo", "Asia/Atlantis", 0, "zone"),
    "a kind unknown": ("kind: refund", "kind: gift", 14, "rows.1.kind"),
    "no rows": ("rows:", "tallies:", 1, ""),
}


@pytest.mark.parametrize("circumstance", WRONG)
def test_wrong_mapping_is_refused_with_its_line(bench, circumstance):
    old, new, row, column = WRONG[circumstance]
    path = bench.write("m.yaml", MAPPING.replace(old, new))

    with pytest.raises(Refused) as refused:
        read_mapping(path)

    assert (row, column) in {(fault.row, fault.column) for fault in refused.value.faults}


@pytest.mark.parametrize("text", ["", "- 1\n- 2\n", "3", "a: [1, {b: c}]\n", "\t"])
def test_anything_else_is_no_mapping(bench, text):
    with pytest.raises(Refused):
        read_mapping(bench.write("m.yaml", text))
