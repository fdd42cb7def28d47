"""Fields are changed in the text of a file; all else stays byte for byte."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
import yaml

from forecasting.coding.splice import split_row, with_cells, with_fields, without_record
from forecasting.dossier.claims import Claim
from forecasting.dossier.parse import parse_value
from forecasting.errors import UsageError

ORDER = tuple(Claim.model_fields)
TEXT = """\
# head
- id: c-1   # the first
  speaker: 'Amara "Ode"'   # who
  note: >-
    A long
    text.
  # between
  grade:    # weak | moderate
  target: {event: [a]}

# above the second
- id: c-2
  target:
    event: [a]   # inside
    given: {b: true}   # after
"""


@pytest.mark.parametrize(
    ("field", "value", "old", "new"),
    [
        ("speaker", "she: said", "'Amara \"Ode\"'", '"she: said"'),
        ("grade", "strong", "grade:    #", "grade: strong    #"),
        ("note", "Short.", ">-\n    A long\n    text.", "Short."),
        ("note", None, "  note: >-\n    A long\n    text.\n", ""),
        ("target", {"event": ("b", "no"), "given": {"c": True}}, "{event: [a]}", "{event: [b, no], given: {c: true}}"),
        ("kind", "fact", "# who\n", "# who\n  kind: fact\n"),
        ("speaker", "no", "'Amara \"Ode\"'", "no"),
        ("speaker", "null", "'Amara \"Ode\"'", '"null"'),
        ("speaker", "12", "'Amara \"Ode\"'", '"12"'),
        ("speaker", "=1+1 # x", "'Amara \"Ode\"'", '"=1+1 # x"'),
    ],
)
def test_only_the_value_is_replaced(field, value, old, new):
    assert TEXT.count(old) == 1
    assert with_fields(TEXT, 0, {field: value}, ORDER) == TEXT.replace(old, new)


def test_a_value_that_holds_comments_is_refused():
    with pytest.raises(UsageError, match="holds comments"):
        with_fields(TEXT, 1, {"target": {"event": ("b",)}}, ORDER)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["claims/reuters-2020-11.yaml", "claims/carnegie-2024-12.yaml"])
def test_each_field_of_the_dossier_can_be_changed_and_nothing_else_changes(project_dir: Path, path: str):
    text = (project_dir / "priors" / path).read_text("utf-8")
    records = parse_value(text)
    some = random.Random(5).sample(range(len(records)), 6)
    texts = ("short", "yes: no", "- a", "x " * 80 + "end", 'both "and" \'or\'', "a #b", "tab\there", "two\nlines", "[a", "ünï –")
    for n, (index, value) in enumerate((index, value) for index in some for value in texts):
        fields = [name for name in records[index] if name not in ("id", "anchor")]
        name = fields[n % len(fields)]
        after = parse_value(with_fields(text, index, {name: value}, ORDER))
        assert after[index] == {**records[index], name: value}
        assert after[:index] + after[index + 1 :] == records[:index] + records[index + 1 :]
        gone = parse_value(with_fields(text, index, {name: None}, ORDER))
        assert gone[index] == {key: old for key, old in records[index].items() if key != name}
        assert gone[:index] + gone[index + 1 :] == records[:index] + records[index + 1 :]


def test_a_record_is_taken_out_and_the_comments_of_others_stay():
    nodes = yaml.compose(TEXT, Loader=yaml.SafeLoader).value
    assert without_record(TEXT, nodes[1]).endswith("# above the second\n")
    assert without_record(TEXT, nodes[0]) == "# head\n" + TEXT[TEXT.index("# above") :]


def test_cells_of_a_table_keep_their_quotation_marks():
    text = 'a,b,c\r\n"1","x, ""y""",\r\n2,z,w\r\n'
    assert split_row('"1","x, ""y""",') == ['"1"', '"x, ""y"""', ""]
    assert with_cells(text, 2, 2, ("a", "b", "c"), {"c": "-3"}) == text.replace('""",\r', '""",-3\r')


def test_a_record_in_braces_stays_on_its_line():
    order = ("id", "grade", "lag_years", "why")
    text = "effects:\n- {id: a, grade: weak, why: First.}  # a note\n- {id: b, grade: weak,\n   why: Second.}\n"
    fields = {"grade": "strong", "lag_years": 0.5, "why": "Seen, and said: " + 20 * "so "}
    changed = with_fields(text, ("effects", 1), fields, order)
    assert changed.startswith(text[: text.index("- {id: b")])
    assert changed.split("- {id: b")[1] == f', grade: strong, lag_years: 0.5,\n   why: "Seen, and said: {20 * "so "}"}}\n'
    assert with_fields(text, ("effects", 0), {"grade": None}, order) == text.replace("id: a, grade: weak", "id: a")
    with pytest.raises(UsageError, match="begins its record"):
        with_fields(text, ("effects", 0), {"id": None}, order)


def test_a_day_is_written_without_quotation_marks_as_in_a_record():
    order = ("id", "rivals", "clock_starts_on")
    text = with_fields("- id: e-1\n  rivals: [a]\n", 0, {"clock_starts_on": dt.date(2024, 12, 8)}, order)
    assert text == "- id: e-1\n  rivals: [a]\n  clock_starts_on: 2024-12-08\n"
