"""`describe`: what is registered says so itself; nothing else is made up."""

import pytest
from sqlalchemy import Engine

from tests.tools.asked import ask
from tests.tools.sample import shipped
from tools.descriptions import DESCRIBE
from tools.errors import ToolError
from tools.measures import MEASURES
from tools.workspace import Call, Workspace

MODELS = [f"{entry['name']}@{entry['version']}" for entry in shipped.registry()["models"]]
SETS = [f"{entry['name']}@{entry['version']}" for entry in shipped.registry()["datasets"]]


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_described_by_its_registry(call: Call, name: str) -> None:
    """Policy, alias, threshold, guideline, date, training set; and where that comes from."""
    entry = shipped.entry("models", name)
    result = ask(DESCRIBE, call, subject=name.replace("@", " "))
    for fact in (entry["policy"], entry["aliases"][0], f"{entry['threshold']:g}", entry["released"], "train 2026-06"):
        assert fact in result.headline
    assert result.provenance[0].threshold == entry["threshold"]
    assert result.provenance[0].as_of == entry["released"]


@pytest.mark.parametrize("name", SETS)
def test_a_dataset_is_described_by_its_card(call: Call, name: str) -> None:
    """Every field of the card, word for word."""
    entry = shipped.entry("datasets", name)
    result = ask(DESCRIBE, call, subject=name.replace("@", " "))
    assert {row["field"]: row["value"] for row in result.rows} == {k: str(v) for k, v in entry["card"].items()}
    assert f"{entry['rows']:,} items" in result.headline
    assert result.provenance[0].gold_version == entry["gold_version"]


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda measure: measure.name)
def test_a_metric_is_defined_under_each_of_its_names(call: Call, measure: object) -> None:
    """Name, title and every short form lead to the same words."""
    name, title, also = measure.name, measure.title, measure.also  # type: ignore[attr-defined]
    told = {ask(DESCRIBE, call, subject=word).headline for word in (name, title, *also)}
    assert len(told) == 1
    assert measure.meaning in told.pop()  # type: ignore[attr-defined]


def test_a_dimension_is_described_by_its_values(call: Call) -> None:
    """All values of all sets that have it."""
    headline = ask(DESCRIBE, call, subject="evasion technique").headline
    assert all(value in headline for value in ("none", "leetspeak", "homoglyph", "spacing", "emoji"))


def test_without_a_name_everything_is_listed(call: Call) -> None:
    """Each model and dataset once, with its date."""
    result = ask(DESCRIBE, call)
    assert sorted(row["name"] for row in result.rows) == sorted(name.replace("@", " ") for name in MODELS + SETS)
    assert result.headline == "I know 6 model versions and 4 dataset versions."
    assert {row["kind"] for row in ask(DESCRIBE, call, subject="models").rows} == {"model"}
    assert "model" not in {row["kind"] for row in ask(DESCRIBE, call, subject="datasets").rows}


def test_an_empty_workspace_says_how_to_fill_it(engine: Engine, sample: Workspace) -> None:
    """No list of nothing."""
    result = ask(DESCRIBE, Call(Workspace(engine, sample.root, sample.knowledge, sample.now), None))  # type: ignore[arg-type]
    assert "steward init --sample" in result.headline
    assert result.rows == ()


@pytest.mark.parametrize(
    ("subject", "nearest"),
    [("bulying-text v7", "bullying-text v7"), ("precison", "precision"), ("goldn", "golden 2026-10")],
)
def test_an_unknown_subject_is_answered_with_the_nearest(call: Call, subject: str, nearest: str) -> None:
    """Of everything there is, at most five."""
    with pytest.raises(ToolError, match=f"I don't know “{subject}”") as caught:
        ask(DESCRIBE, call, subject=subject)
    assert nearest in caught.value.nearest
    assert len(caught.value.nearest) <= 5


def test_what_could_be_several_models_is_asked_about(call: Call) -> None:
    """An alias that two models have."""
    with pytest.raises(ToolError, match="could be bullying-text v7 or challenge-video v4") as caught:
        ask(DESCRIBE, call, subject="prod")
    assert caught.value.nearest == ("bullying-text v7", "challenge-video v4")


def test_an_unknown_subject_is_not_echoed_with_its_marks(call: Call) -> None:
    """Nor at any length: a surface would act on them."""
    with pytest.raises(ToolError) as caught:
        ask(DESCRIBE, call, subject="<!channel> `rm` *bold*\n" + "x" * 500)
    assert not set("<>`*\n") & set(str(caught.value).split("”")[0])
    assert len(str(caught.value).split("”")[0]) < 90
