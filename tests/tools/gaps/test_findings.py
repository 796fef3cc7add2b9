"""The search finds what is weak, names what adds to it, explains what only overlaps, and finds nothing in noise."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from tools.datasets.slice_codes import slice_codes
from tools.gaps.candidates import Field, crossed
from tools.gaps.cells import Decisions, Metric
from tools.gaps.findings import Gap, Search, as_it_is, search

LANGUAGES, SURFACES = ("en", "es", "pt", "tl"), ("comment", "profile", "caption")
Rates = Mapping[tuple[str, str], float]


def field(rates: Rates, n: int = 100, metric: Metric = "recall", floor: int = 20, **sizes: int) -> Field:
    """Items of every language on every surface, the share of right ones 0.9 unless `rates` says otherwise."""
    cells = [{"language": language, "surface": surface} for language in LANGUAGES for surface in SURFACES]
    codes = slice_codes(cells, ("language", "surface"))
    items = np.array([sizes.get(cell["language"], n) for cell in cells])
    right = np.array(
        [round(rates.get((c["language"], c["surface"]), 0.9) * m) for c, m in zip(cells, items, strict=True)]
    )
    return Field(metric, crossed(codes, ("language", "surface"), items), Decisions(codes, right, items), floor, 0.02)


def whole(language: str, rate: float) -> Rates:
    """A language that is at this rate on every surface."""
    return {(language, surface): rate for surface in SURFACES}


def names(gaps: tuple[Gap, ...]) -> list[str]:
    """The slices, in order."""
    return [gap.name for gap in gaps]


def found(*fields: Field) -> Search:
    """The search of fields."""
    return search(fields)


def test_a_weak_value_is_found_once_and_its_crossings_are_explained_by_it() -> None:
    """Not the language and each of its surfaces."""
    result = found(field(whole("pt", 0.6)))
    assert names(result.established) == ["pt"]
    assert result.looks == ()


def test_a_weak_crossing_is_found_as_the_crossing() -> None:
    """Neither the language nor the surface is weak without it."""
    assert names(found(field({("pt", "profile"): 0.5})).established) == ["pt · profile"]


def test_a_crossing_that_adds_to_a_weak_value_is_reported_beside_it() -> None:
    """The language is weak everywhere, and weaker still on one surface."""
    rates = {**whole("pt", 0.6), ("pt", "profile"): 0.1}
    assert set(names(found(field(rates, n=200)).established)) == {"pt", "pt · profile"}


def test_one_weakness_does_not_hide_another() -> None:
    """Two weak languages of four pull the rest down; each is compared with what is in neither."""
    result = found(field({**whole("pt", 0.5), **whole("es", 0.75)}))
    assert set(names(result.established)) == {"pt", "es"}
    for gap in result.established:
        assert (gap.rest.k, gap.rest.n) == (540, 600)


def test_equal_slices_are_no_finding() -> None:
    """And none of them looks weak."""
    result = found(field({}))
    assert result.established == result.looks == result.slight == ()
    assert result.tested == 4 + 3 + 12


def test_a_small_slice_is_never_established_but_named() -> None:
    """Fifteen items, two thirds right: it looks weak, and that is all that is said."""
    result = found(field(whole("tl", 0.6), n=200, tl=5))
    assert result.established == ()
    assert names(result.looks) == ["tl"]
    assert result.looks[0].adjusted is None
    assert not result.looks[0].established
    assert result.tested == 3 + 3 + 9


def test_a_real_but_slight_difference_is_not_a_gap() -> None:
    """Ninety thousand items show a difference of one point, which nobody need act on."""
    result = found(field(whole("pt", 0.89), n=30_000))
    assert result.established == ()
    assert names(result.slight) == ["pt"]


def test_false_alarms_are_looked_for_in_the_same_way() -> None:
    """Of the negatives, those left alone are the right ones."""
    (gap,) = found(field(whole("pt", 0.7), metric="fpr")).established
    assert (gap.metric, gap.name) == ("fpr", "pt")
    assert gap.lack.low > 0.02


def test_p_values_are_adjusted_over_all_fields_together() -> None:
    """The same slice is worth less beside a second field in which nothing is weak."""
    alone = found(field(whole("pt", 0.75))).established[0]
    beside = found(field(whole("pt", 0.75)), field({}, metric="fpr")).established[0]
    assert alone.p == beside.p
    assert alone.adjusted is not None
    assert beside.adjusted == pytest.approx(2 * alone.adjusted)


def test_variants_are_compared_with_the_plain_items_alone() -> None:
    """Two of three variants are weak; compared with all others, each would hide the other."""
    cells = [{"technique": name} for name in ("none", "leet", "space", "emoji")]
    codes = slice_codes(cells, ("technique",))
    n, right = np.full(4, 100), np.array([90, 40, 50, 88])
    grid = crossed(codes, ("technique",), n)
    grid = replace(grid, candidates=grid.candidates[1:])
    reference = codes.within({"technique": ["none"]})
    result = found(Field("recall", grid, Decisions(codes, right, n), 20, 0.02, reference, "suite 1"))
    assert {gap.name: (gap.rest.k, gap.plain) for gap in result.established} == {
        "leet": (90, True),
        "space": (90, True),
    }


def test_a_slice_found_on_a_suite_explains_the_same_slice_of_the_set() -> None:
    """It has more items there, and plain twins."""
    cells = [{"technique": name} for name in ("none", "leet")]
    codes = slice_codes(cells, ("technique",))
    here = Decisions(codes, np.array([450, 10]), np.array([500, 30]))
    there = Decisions(codes, np.array([90, 20]), np.array([100, 100]))
    grid = crossed(codes, ("technique",), there.n)
    suite = Field(
        "recall", replace(grid, candidates=(1,)), there, 20, 0.02, codes.within({"technique": ["none"]}), "s 1"
    )
    (gap,) = found(Field("recall", crossed(codes, ("technique",), here.n), here, 20, 0.02), suite).established
    assert (gap.name, gap.origin) == ("leet", "s 1")


def test_a_slice_of_several_values_that_is_asked_about_is_tested_too() -> None:
    """Two languages together, as one slice."""
    plain = field({**whole("pt", 0.8), **whole("es", 0.8)}, n=20)
    decisions = plain.decisions
    grid = crossed(decisions.codes, ("language", "surface"), decisions.n, {"language": ["es", "pt"]})
    assert (("language", ("es", "pt")),) in grid.names
    gap = as_it_is(plain, {"language": ["es", "pt"]})
    assert gap is not None
    assert (gap.slice.k, gap.slice.n, gap.rest.k, gap.rest.n) == (96, 120, 108, 120)


def test_items_that_depend_on_each_other_tell_less() -> None:
    """With a design effect of seven the same counts are worth a seventh: nothing is shown, and intervals are wider."""
    independent = field(whole("pt", 0.75), n=60)
    dependent = replace(independent, effect=7.0)
    assert names(found(independent).established) == ["pt"]
    assert found(dependent).established == ()
    one, other = (as_it_is(of, {"language": ["pt"]}) for of in (independent, dependent))
    assert one is not None
    assert other is not None
    assert (one.slice.k, one.slice.n) == (other.slice.k, other.slice.n)
    assert other.lack.low < one.lack.low
    assert other.slice.low < one.slice.low < one.slice.high < other.slice.high


def test_in_noise_hardly_a_search_finds_anything() -> None:
    """Two hundred sets in which nothing is weak: at most one in twenty has any finding."""
    draw, plain = np.random.default_rng(20_261_120), field({}, n=60)
    hits = int(plain.decisions.right.sum())
    false = 0
    for _ in range(200):
        right = draw.multivariate_hypergeometric(plain.decisions.n, hits)
        false += bool(search([replace(plain, decisions=replace(plain.decisions, right=right))]).established)
    assert false <= 10
