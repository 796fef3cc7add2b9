"""Result: what every tool returns. Plain data, so that any surface can draw it and code can check it."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Unit = Literal["text", "count", "rate", "share", "change", "interval", "signed", "signed interval", "p"]


class Frozen(BaseModel):
    """A value passed between layers; never changed after it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(Frozen):
    """A column of a result's table: the key in each row, its heading, and how its values are to be drawn.

    `share` draws `key` of `other` as k/n, `change` from `key` to `other`; the intervals draw `key` as lower, `other` as
    upper bound.
    """

    key: str
    label: str
    unit: Unit = "text"
    other: str | None = None


class Provenance(Frozen):
    """Where a number comes from (R14): enough to find the very run again."""

    model: str | None = None
    dataset: str | None = None
    run: str | None = None
    threshold: float | None = None
    gold_version: str | None = None
    guideline_version: str | None = None
    as_of: str = Field(description="ISO date")

    def line(self) -> str:
        """One line for the end of an answer: `model · dataset (gold, guideline) · threshold · run, date`."""
        versions = ", ".join(
            f"{word} {value}"
            for word, value in (("gold", self.gold_version), ("guideline", self.guideline_version))
            if value
        )
        dataset = f"{self.dataset} ({versions})" if self.dataset and versions else self.dataset
        threshold = None if self.threshold is None else f"threshold {self.threshold:g}"
        run = f"run {self.run}, {self.as_of}" if self.run else f"as of {self.as_of}"
        return " · ".join(part for part in (self.model, dataset, threshold, run) if part)


class Citation(Frozen):
    """A guideline section an answer rests on (R17); `quote` is verbatim from that section.

    `effective` is the day since which it is in force, `coming` the day from which it will be (ISO dates).
    """

    document: str
    title: str
    section: str
    heading: str
    version: str
    effective: str | None = None
    owner: str | None = None
    superseded: bool = False
    coming: str | None = None
    quote: str = ""
    link: str = ""

    def line(self) -> str:
        """`Title version, section number heading, in force since date`; one that is not in force is called that."""
        state = f"in force since {self.effective}" if self.effective else ""
        state = f"not yet in force, from {self.coming}" if self.coming else state
        state = "superseded" if self.superseded else state
        return ", ".join(part for part in (f"{self.title} {self.version}", f"section {self.heading}", state) if part)


class ProposalCard(Frozen):
    """A proposal as a surface shows it: a person's button press on it acts, nothing else does (R12)."""

    id: str
    kind: str
    title: str
    facts: dict[str, str]
    needs_second_person: bool
    expires: str


class Result(Frozen):
    """The outcome of one tool call.

    `headline` is one or two finished sentences with every number already formatted; `rows` are the same numbers
    as data (rates in 0..1, counts as integers). `query` is the fully resolved call that a follow-up changes.
    """

    tool: str
    headline: str
    columns: tuple[Column, ...] = ()
    rows: tuple[dict[str, Any], ...] = ()
    provenance: tuple[Provenance, ...] = ()
    caveats: tuple[str, ...] = ()
    defaults: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    proposal: ProposalCard | None = None
    query: dict[str, Any] = Field(default_factory=dict)
    suggestions: tuple[str, ...] = ()
