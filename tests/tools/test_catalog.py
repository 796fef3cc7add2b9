"""Names people use lead to what is registered; what leads nowhere comes back with the nearest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.sample import shipped
from tools.catalog import Catalog, either, load, nearest, short
from tools.dimension_values import spoken_forms
from tools.errors import ToolError
from tools.workspace import Workspace


@pytest.fixture
def catalog(sample: Workspace) -> Catalog:
    """Of the sample."""
    return load(sample.engine)


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("bullying-text v7", "bullying-text@v7"),
        ("bullying-text@v7", "bullying-text@v7"),
        ("Bullying-Text V7", "bullying-text@v7"),
        ("bullying_text v7", "bullying-text@v7"),
        ("v7", "bullying-text@v7"),
        ("v4 challenge-video", "challenge-video@v4"),
        ("bullying v6", "bullying-text@v6"),
        ("bullying-text prod", "bullying-text@v7"),
        ("challenge-video candidate", "challenge-video@v5-rc1"),
        ("dangerous-challenges previous", "challenge-video@v3"),
        ("v8-rc1", "bullying-text@v8-rc1"),
    ],
)
def test_a_version_is_named_in_many_ways(catalog: Catalog, text: str, id: str) -> None:
    """None of them needs a default."""
    model, default = catalog.model(text)
    assert (model.id, default) == (id, None)


@pytest.mark.parametrize(
    ("text", "id"), [("bullying-text", "bullying-text@v7"), ("dangerous-challenges", "challenge-video@v4")]
)
def test_a_model_without_version_is_the_one_in_production(catalog: Catalog, text: str, id: str) -> None:
    """And the default is there to print."""
    model, default = catalog.model(text)
    assert model.id == id
    assert default == f"{model.label} (prod)"


@pytest.mark.parametrize("alias", ["prod", "candidate", "previous"])
def test_an_alias_that_two_models_have_is_asked_about(catalog: Catalog, alias: str) -> None:
    """The two are offered."""
    with pytest.raises(ToolError, match="which one") as caught:
        catalog.model(alias)
    assert len(caught.value.nearest) == 2


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("golden 2026-07", "golden@2026-07"),
        ("golden@2026-10", "golden@2026-10"),
        ("2026-07 golden", "golden@2026-07"),
        ("golden", "golden@2026-10"),
        ("evasion", "evasion@2"),
        ("evasion suite 2", "evasion@2"),
        ("train", "train@2026-06"),
    ],
)
def test_a_dataset_without_version_is_its_newest(catalog: Catalog, text: str, id: str) -> None:
    """With one, that one."""
    assert catalog.dataset(text).id == id


def test_every_value_is_found_under_each_of_its_spoken_forms(catalog: Catalog) -> None:
    """`tagalog`, `live titles`, `leet`; a form that two values share is the first one's."""
    for dataset in catalog.datasets:
        for dimension, values in dataset.dimensions.items():
            taken: dict[str, str] = {}
            for value in values:
                for form in spoken_forms(dimension, value):
                    taken.setdefault(form, value)
            for form, value in taken.items():
                assert catalog.filters({dimension: [form.upper()]}, dataset) == {dimension: [value]}


def test_filters_are_sorted_and_without_repetition(catalog: Catalog) -> None:
    """So the same slice is the same query."""
    golden = catalog.dataset("golden 2026-10")
    one = catalog.filters({"surface": ["comments", "captions"], "lang": ["hindi", "hinglish"]}, golden)
    assert one == {"language": ["hi-Latn"], "surface": ["caption", "comment"]}
    assert list(one) == ["language", "surface"]


NAMES = [
    "",
    " ",
    "?",
    "v",
    "zzz",
    "bullying-text v7 v6",
    "golden 1999-01",
    "'; DROP TABLE models; --",
    "日本語",
    "x" * 5_000,
]


@pytest.mark.parametrize("text", NAMES)
def test_a_name_that_fits_nothing_is_a_sentence_with_names_that_fit(catalog: Catalog, text: str) -> None:
    """Never more than five, all of them registered, the offending text short and without marks."""
    golden = catalog.dataset("golden 2026-10")
    for find, known in (
        (catalog.model, {m.label for m in catalog.models}),
        (catalog.dataset, {d.label for d in catalog.datasets}),
        (lambda name: catalog.dimension(name, golden), set(golden.dimensions)),
    ):
        with pytest.raises(ToolError) as caught:
            find(text)
        assert set(caught.value.nearest) <= known
        assert len(caught.value.nearest) <= 5
        assert len(str(caught.value)) < 400


@given(st.text(max_size=80))
def test_any_text_at_all_names_something_or_raises_a_tool_error(text: str) -> None:
    """Never anything else; what is echoed is one short line that no surface acts on."""
    empty = Catalog((), ())
    with pytest.raises(ToolError):
        empty.model(text)
    with pytest.raises(ToolError):
        empty.dataset(text)
    echoed = short(text)
    assert len(echoed) <= 60
    assert not set("<>`*~|\n\r\t") & set(echoed)


def test_the_nearest_names_come_first() -> None:
    """Best first, as many as asked for."""
    names = [f"{entry['name']} {entry['version']}" for entry in shipped.registry()["models"]]
    assert nearest("chalenge-video v5-rc1", names)[0] == "challenge-video v5-rc1"
    assert len(nearest("bullying", names, limit=2)) == 2
    assert nearest("x", []) == ()


def test_choices_are_written_as_people_say_them() -> None:
    """One, two, many."""
    assert [either(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a or b", "a, b or c"]
