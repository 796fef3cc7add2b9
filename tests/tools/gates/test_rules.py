"""Gate files: the shipped one is the release gate, and whatever is wrong in one is named with its place."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine

from tests.tools.asked import ask, asking
from tests.tools.bench import Bench
from tests.tools.gates.gates_made import RULE, write_gate
from tools.errors import SetupError
from tools.gates.check import CHECK_GATES
from tools.gates.rules import FILE, read_gates
from tools.sample import folder
from tools.workspace import Call


def test_the_shipped_gate_is_the_release_gate_of_the_guideline(call: Call) -> None:
    """Its conditions are all there, with the floor, an approver, and the bound as what decides about recall."""
    (gate,) = read_gates(folder())
    assert read_gates(call.workspace.root) == (gate,)
    assert (gate.name, gate.approver, gate.baseline, gate.min_positives) == ("release", "@owner-models", "prod", 60)
    rules = {rule.name: rule for rule in gate.rules}
    assert {rule.decided_by for rule in gate.rules if rule.at_least} == {"bound"}
    assert rules["FPR by language"].not_significantly_worse
    evasion = rules["evasion"]
    assert (evasion.max_regression, evasion.at_fpr, evasion.each) == (0.02, 0.05, ["technique"])


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"at_least": 1.5}, "rule `recall`, field `at_least`"),
        ({"at_least": "high"}, "rule `recall`, field `at_least`"),
        ({"at_most": 0.9}, "rule `recall`: give exactly one of at_least, at_most"),
        ({"at_least": None}, "rule `recall`: give exactly one of"),
        ({"metric": "recal"}, "rule `recall`: `metric` is no metric; nearest: recall"),
        ({"metric": "f1", "at_least": None, "max_regression": 0.1}, "`max_regression` needs a metric that is paired"),
        ({"decided_by": "luck"}, "rule `recall`, field `decided_by`"),
        ({"severity": "high"}, "rule `recall`, field `severity`"),
        ({"each": ["language", "policy", "age"]}, "rule `recall`, field `each`"),
        ({"fpr_on": {"language": ["en"]}}, "rule `recall`: `fpr_on` needs `at_fpr`"),
        ({"metric": "fpr", "at_fpr": 0.05}, "rule `recall`: `at_fpr` would fix the very metric"),
        ({"filters": {"language": [False]}}, "rule `recall`, field `filters.language.0`"),
        ({"min_positives": 0}, "rule `recall`, field `min_positives`"),
        ({"bound": 1}, "rule `recall`, field `bound`"),
        ({"name": ""}, "rule 1, field `name`"),
        ({"dataset": "silver 1"}, "field `dataset`: I don't know a dataset"),
        ({"each": ["langauge"]}, "field `each`: I don't know a dimension"),
        ({"filters": {"language": ["xx"]}}, "field `filters`: I don't know a language"),
        ({"at_fpr": 0.05, "fpr_on": {"lang": ["xx"]}}, "field `fpr_on`: I don't know a language"),
    ],
)
def test_a_wrong_rule_is_named_with_its_field(
    registered: Bench, engine: Engine, changed: dict[str, Any], place: str
) -> None:
    """Gate, rule and field: the operator finds the line; nothing is computed (a SetupError, not a verdict)."""
    write_gate(registered.root, {key: value for key, value in (RULE | changed).items() if value is not None})
    with pytest.raises(SetupError) as caught:
        ask(CHECK_GATES, asking(engine, registered.root), model="echo v2")
    assert str(caught.value).startswith(f"{FILE} is wrong in gate `release`, ")
    assert place in str(caught.value)
    assert str(caught.value).endswith("Mend that line.")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("gates: [", "line 1 cannot be read as YAML"),
        ("a: 1\n\tb: 2", "line 2 cannot be read as YAML"),
        ("", "is wrong as a whole"),
        ("gates: []", "field `gates`"),
        ("gates: [{name: x}]", "gate `x`, field `approver`"),
        ("other: []", "field `gates`"),
    ],
)
def test_a_file_that_is_no_gate_file_is_said(tmp_path: Path, content: str, message: str) -> None:
    """With the line where YAML breaks."""
    (tmp_path / FILE).write_text(content)
    with pytest.raises(SetupError, match=FILE) as caught:
        read_gates(tmp_path)
    assert message in str(caught.value)


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    """So are two gates: a verdict must name one."""
    write_gate(tmp_path, RULE, RULE)
    with pytest.raises(SetupError, match="two rules are called recall"):
        read_gates(tmp_path)
    write_gate(tmp_path, RULE)
    content = yaml.safe_load((tmp_path / FILE).read_text())
    (tmp_path / FILE).write_text(yaml.safe_dump({"gates": content["gates"] * 2}))
    with pytest.raises(SetupError, match="two gates are called release"):
        read_gates(tmp_path)


def test_without_a_file_the_operator_is_told_where_one_is(tmp_path: Path) -> None:
    """And by which command."""
    with pytest.raises(SetupError, match="No gate is set up") as caught:
        read_gates(tmp_path)
    assert caught.value.remedy == "steward init --sample"
