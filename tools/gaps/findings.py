"""Gap findings: which candidates are shown to be weak, one after the other, and which only look it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.catalog import Filters
from tools.datasets.slice_codes import Mask
from tools.gaps.candidates import ALPHA, FEWEST, Field, Values, looks_weak, p_values
from tools.gaps.cells import Metric
from tools.stats.corrections import benjamini_hochberg
from tools.stats.proportions import Contrast, Proportion, contrast, proportion

# What must be seen before a slice that is not shown to be weak is named at all.
LOOKS = 0.10  # ten points of recall: less is in some small slice of every set


@dataclass(frozen=True)
class Gap:
    """A slice that decides less often right than its rest: `lack` is rest - slice, with its interval (95 %).

    `adjusted` is the p-value among all candidates (Benjamini-Hochberg); None for a slice that only looks weak.
    `origin` names the set when it is not the one asked about. `plain`: the rest are the plain items of variants.
    """

    metric: Metric
    values: Values
    slice: Proportion
    rest: Proportion
    lack: Contrast
    p: float
    adjusted: float | None
    origin: str = ""
    plain: bool = False

    @property
    def established(self) -> bool:
        """Whether it is shown, among all that were tested."""
        return self.adjusted is not None

    @property
    def name(self) -> str:
        """`hi-Latn`, `tl · live-title`; `all` for a whole set."""
        return " · ".join(" or ".join(values) for _, values in self.values) or "all"

    @property
    def filters(self) -> Filters:
        """The slice as filters."""
        return {dimension: list(values) for dimension, values in self.values}

    def concerns(self, asked: Filters) -> bool:
        """Whether it is the slice that was asked about, a part of it, or what that is a part of."""
        mine = self.filters
        return not asked or _part(mine, asked) or _part(asked, mine)


@dataclass(frozen=True)
class Search:
    """All that was found among `tested` candidates; the `slight` differ by less than what counts."""

    established: tuple[Gap, ...]
    looks: tuple[Gap, ...]
    slight: tuple[Gap, ...]
    tested: int


def search(fields: Sequence[Field]) -> Search:
    """Find the weak slices of all fields together.

    Step by step the clearest slice is taken, and its items are left out of both sides of all later comparisons: what
    only overlaps with it is explained by it, and its weakness hides no other. At each step the p-values of all
    candidates of all fields are adjusted together. A slice counts when its adjusted p-value is under .05 and the lower
    bound of its gap is over the field's margin. Nothing is left out before something is found, so where nothing is
    weak the chance of any finding is that of a single adjustment.
    """
    return _Searching(fields).all()


def as_it_is(field: Field, asked: Filters) -> Gap | None:
    """A slice of a field against everything else, whatever that shows; None where either side has no items."""
    mask = field.decisions.codes.within(asked)
    one, rest = field.decisions.count(mask), field.decisions.count(~mask)
    if not one[1] or not rest[1]:
        return None
    values = tuple((name, tuple(values)) for name, values in asked.items())
    return _made(field, values, one, rest, 1.0, None)


class _Searching:
    """The steps; a candidate is known by its field and its place in the field's grid."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self._removed = [field.removed() for field in fields]
        self._candidates = [(at, place) for at, field in enumerate(fields) for place in field.grid.candidates]
        sizes = [field.sizes(none) for field, none in zip(fields, self._removed, strict=True)]
        self._tested = [
            number for number, (at, place) in enumerate(self._candidates) if sizes[at][place] >= fields[at].floor
        ]
        self._taken: dict[int, tuple[float, float]] = {}  # candidate -> p and adjusted p when it was taken
        self._slight: dict[int, tuple[float, float]] = {}

    def all(self) -> Search:
        """Take slices until none counts, then look at what is left."""
        while self._step():
            pass
        taken = sorted(self._taken, key=lambda number: self._taken[number][0])
        established = [self._gap(number, *self._taken[number], final=True) for number in taken]
        elsewhere = {(gap.metric, pair) for gap in established if gap.origin for pair in gap.values}
        kept = [gap for gap in established if gap.origin or not _known(gap, elsewhere)]
        looks = [gap for gap in self._looks() if not _known(gap, elsewhere)]
        slight = [self._gap(number, *both) for number, both in self._slight.items()]
        return Search(
            tuple(kept),
            tuple(sorted(looks, key=lambda gap: -gap.lack.low)),
            tuple(gap for gap in slight if not _known(gap, elsewhere)),
            len(self._tested),
        )

    def _step(self) -> bool:
        """Take the clearest slice that counts; whether there was one."""
        p = [value for field, gone in zip(self._fields, self._removed, strict=True) for value in p_values(field, gone)]
        for number, (first, _) in self._taken.items():
            p[number] = first
        adjusted = dict(zip(self._tested, benjamini_hochberg([p[number] for number in self._tested]), strict=True))
        self._slight = {}
        for number in sorted(self._tested, key=lambda number: p[number]):
            if adjusted[number] >= ALPHA:
                return False
            if number in self._taken:
                continue
            at, place = self._candidates[number]
            if self._gap(number, p[number], adjusted[number]).lack.low > self._fields[at].margin:
                self._taken[number] = p[number], adjusted[number]
                if self._fields[at].reference is None:
                    self._removed[at] = self._removed[at] | self._fields[at].grid.masks[place]
                return True
            self._slight[number] = p[number], adjusted[number]
        return False

    def _looks(self) -> list[Gap]:
        """What is not shown, but looks weak against everything else and against each of its parents."""
        gaps = []
        start = 0
        for at, field in enumerate(self._fields):
            numbers = range(start, start + len(field.grid.candidates))
            start = numbers.stop
            if field.metric != "recall" or field.reference is not None:
                continue
            sizes = field.sizes(self._removed[at])
            for number, p in zip(numbers, looks_weak(field, self._removed[at]), strict=True):
                if p < ALPHA and number not in self._taken and sizes[self._candidates[number][1]] >= FEWEST:
                    gap = self._gap(number, p, None)
                    gaps += [gap] if gap.lack.difference >= LOOKS else []
        return gaps

    def _gap(self, number: int, p: float, adjusted: float | None, *, final: bool = False) -> Gap:
        """The gap of a candidate: of what is left of it; in the end, of the whole slice against what nothing is in."""
        at, place = self._candidates[number]
        field, gone = self._fields[at], self._removed[at]
        mask: Mask = field.grid.masks[place]
        if not final and (mask & ~gone).any():
            mask = mask & ~gone
        others = ~mask & ~gone if field.reference is None else field.reference
        one, rest = field.decisions.count(mask), field.decisions.count(others)
        return _made(field, field.grid.names[place], one, rest, p, adjusted)


def _made(
    field: Field, values: Values, one: tuple[int, int], rest: tuple[int, int], p: float, adjusted: float | None
) -> Gap:
    """The gap of right and all items of a slice and of its rest; intervals are those of the effective counts."""
    sides = [_side(field, *counts) for counts in (one, rest)]
    effective = [proportion(*field.effective(*counts)) for counts in (rest, one)]
    plain = field.reference is not None
    return Gap(field.metric, values, sides[0], sides[1], contrast(*effective), p, adjusted, field.origin, plain)


def _side(field: Field, right: int, n: int) -> Proportion:
    found = proportion(*field.effective(right, n))
    return Proportion(right, n, min(found.low, right / n), max(found.high, right / n))


def _part(one: Filters, other: Filters) -> bool:
    """Whether a slice lies within another."""
    return all(name in one and set(one[name]) <= set(values) for name, values in other.items())


def _known(gap: Gap, elsewhere: set[tuple[Metric, tuple[str, tuple[str, ...]]]]) -> bool:
    """Whether a slice of the set asked about lies in one that was found on another set, with far more items."""
    return any((gap.metric, pair) in elsewhere for pair in gap.values)
