"""`check_gates`: a model against the rules of a gate; pass, fail or not assessed for each, never a blended score."""

from typing import Any

from tools.arguments import Arguments, GateName, ModelName
from tools.catalog import ModelEntry, either, nearest, short
from tools.errors import ToolError
from tools.gates.rule_checks import Checked, Outcome, Verdict, check, same_gold
from tools.gates.rules import Gate, read_gates
from tools.resolution import Missing, Resolver
from tools.results import Column, Result
from tools.spec import Example, ToolSpec
from tools.workspace import Call

_ORDER = {"fail": 0, "not assessed": 1, "pass": 2}
MOST_NAMED = 3  # slices of one rule in the headline; all of them are in the table


class CheckGates(Arguments):
    """Whether a model version passes a gate: each rule with its figures, pass, fail or not assessed."""

    model: ModelName = None
    gate: GateName = None


def _check_gates(arguments: CheckGates, call: Call) -> Result:
    gates = read_gates(call.workspace.root)
    resolver = Resolver(call)
    model = _candidate(arguments.model, call, resolver)
    gate = _gate(arguments.gate, gates, resolver)
    baseline = _baseline(gate, model, call)
    needed = any(rule.paired for rule in gate.rules)
    if baseline and needed:
        resolver.defaults.append(f"baseline {baseline.label}")
    checked = [check(rule, gate, model, baseline, call) for rule in gate.rules]
    if gold := same_gold(gate, model, baseline, call):
        checked.append(gold)
    rows = [_row(each, verdict) for each in checked for verdict in each.verdicts]
    sources = dict.fromkeys(source for each in checked for source in each.sources)
    caveats = list(dict.fromkeys(note for each in checked for note in each.notes))
    if any(verdict.p is not None and verdict.outcome == "pass" for each in checked for verdict in each.verdicts):
        caveats.append("A pass of “not significantly worse” says that no worsening was shown, not that there is none.")
    return Result(
        tool="check_gates",
        headline=_headline(gate, model, baseline if needed else None, checked),
        columns=(
            Column(key="rule", label="rule"),
            Column(key="slice", label="slice"),
            Column(key="outcome", label="result"),
            Column(key="found", label="found (k/n; 95 %)"),
            Column(key="needs", label="needs"),
        ),
        rows=tuple(sorted(rows, key=lambda row: _ORDER[row["outcome"]])),
        provenance=tuple(sources),
        caveats=tuple(caveats),
        defaults=tuple(resolver.defaults),
        query={"model": model.label, "gate": gate.name},
        suggestions=tuple(dict.fromkeys(each.ask for each in checked if each.ask)),
    )


def overall(checked: list[Checked]) -> Outcome:
    """Fail if any rule fails; not assessed if a severe rule is not assessed; else pass. Never a score (domain.md)."""
    if any(each.outcome == "fail" for each in checked):
        return "fail"
    if any(each.outcome == "not assessed" and each.severity == "severe" for each in checked):
        return "not assessed"
    return "pass"


def _candidate(text: str | None, call: Call, resolver: Resolver) -> ModelEntry:
    """The model named, else the configured one, else the one candidate there is.

    Raises:
        ToolError: an unknown name, or (Missing) nothing named and several candidates.
    """
    waiting = [model for model in call.catalog.models if "candidate" in model.aliases]
    if text or call.workspace.defaults.model or not waiting:
        return resolver.model(text)
    if len(waiting) > 1:
        names = tuple(model.label for model in waiting)
        raise Missing(f"Which model do you mean: {either(names)}?", what="model", nearest=names)
    resolver.defaults.append(f"{waiting[0].label} (candidate)")
    return waiting[0]


def _gate(text: str | None, gates: tuple[Gate, ...], resolver: Resolver) -> Gate:
    names = tuple(gate.name for gate in gates)
    if not text:
        if len(gates) > 1:
            raise Missing(f"Which gate do you mean: {either(names)}?", what="gate", nearest=names)
        resolver.defaults.append(f"gate {names[0]}")
        return gates[0]
    wanted = text.strip().lower().removesuffix("gate").strip(" -_")
    for gate in gates:
        if wanted == gate.name.lower().removesuffix("gate").strip(" -_"):
            return gate
    close = nearest(text, names)
    raise ToolError(f"I don't know a gate “{short(text)}”. Nearest: {', '.join(close)}.", tried=text, nearest=close)


def _baseline(gate: Gate, model: ModelEntry, call: Call) -> ModelEntry | None:
    """The gate's baseline of this model; for the baseline itself, the version before it; None where there is none."""
    versions = [entry for entry in call.catalog.models if entry.name == model.name and entry.id != model.id]
    wanted = gate.baseline.lower()
    if wanted in {model.version.lower(), *(alias.lower() for alias in model.aliases)}:
        before = [entry for entry in versions if entry.released < model.released]
        return max(before, key=lambda entry: entry.released, default=None)
    named = [e for e in versions if wanted in {e.version.lower(), *(alias.lower() for alias in e.aliases)}]
    return named[0] if named else None


def _headline(gate: Gate, model: ModelEntry, baseline: ModelEntry | None, checked: list[Checked]) -> str:
    against = f" against {baseline.label}" if baseline else ""
    tally = ", ".join(
        f"{sum(each.outcome == outcome for each in checked)} {outcome}"
        for outcome in _ORDER
        if any(each.outcome == outcome for each in checked)
    )
    rules = "1 rule" if len(checked) == 1 else f"{len(checked)} rules"
    lines = [f"**Gate {gate.name}: {overall(checked)}** for {model.label}{against}; {rules}: {tally}."]
    for each in sorted(checked, key=lambda each: _ORDER[each.outcome]):
        lines.append(f"**{each.outcome}** · {each.name}, {each.needs}: {_named(each)}.")
    lines.append(f"To be signed by {gate.approver}; I compute, I do not approve.")
    return "\n".join(lines)


def _named(each: Checked) -> str:
    """The verdicts that decide a rule; of a rule that passes, how many there are, and the one nearest its limit."""
    parts = []
    for outcome in ("fail", "not assessed"):
        found = [verdict for verdict in each.verdicts if verdict.outcome == outcome]
        lead = "" if outcome == each.outcome else f"{outcome} "
        parts += [f"{lead}{_words(verdict)}" for verdict in found[:MOST_NAMED]]
        parts += [f"{len(found) - MOST_NAMED} more {outcome}"] if len(found) > MOST_NAMED else []
    passed = [verdict for verdict in each.verdicts if verdict.outcome == "pass"]
    if passed and len(each.verdicts) == 1:
        parts.append(_words(passed[0]))
    elif passed:
        parts.append(f"{len(passed)} slice{'' if len(passed) == 1 else 's'} pass{'es' if len(passed) == 1 else ''}")
    return "; ".join(parts)


def _words(verdict: Verdict) -> str:
    return verdict.found if verdict.slice == "all" else f"{verdict.slice} {verdict.found}"


def _row(each: Checked, verdict: Verdict) -> dict[str, Any]:
    return {
        "rule": each.name,
        "severity": each.severity,
        "metric": each.metric,
        "slice": verdict.slice,
        "outcome": verdict.outcome,
        "found": verdict.found,
        "needs": each.needs,
        "value": verdict.value,
        "low": verdict.low,
        "high": verdict.high,
        "k": verdict.k,
        "n": verdict.n,
        "baseline_k": verdict.baseline_k,
        "p": verdict.p,
    }


CHECK_GATES = ToolSpec(
    name="check_gates",
    summary="Whether a model version passes a gate: each rule as pass, fail or not assessed, with its figures.",
    topic="whether a version passes the release gate",
    arguments=CheckGates,
    run=_check_gates,
    examples=(
        Example("does bullying-text v8-rc1 pass the release gate?",
                {"model": "bullying-text v8-rc1", "gate": "release"}),
        Example("check the gate for challenge-video v5-rc1", {"model": "challenge-video v5-rc1"}),
        Example("can we ship v8-rc1", {"model": "bullying-text v8-rc1"}),
        Example("is v5-rc1 ready for release", {"model": "challenge-video v5-rc1"}),
        Example("gate check"),
        Example("gate status of the candidate", {"model": "candidate"}),
        Example("release gate v7", {"model": "bullying-text v7", "gate": "release"}),
        Example("which gate rules does challenge-video v4 fail", {"model": "challenge-video v4"}),
        Example("woud the new version pass the relase gate", {"gate": "release"}),
        Example("what blocks the release of bullying-text v8-rc1", {"model": "bullying-text v8-rc1"}),
        Example("go or no go for the candidate", {"model": "candidate"}),
        Example("does prod still meet the release criteria", {"model": "prod", "gate": "release"}),
        Example("did v6 pass the gate", {"model": "bullying-text v6"}),
        Example("run through the release checklist for challenge-video candidate",
                {"model": "challenge-video candidate", "gate": "release"}),
        Example("which conditions are not assessed yet for v8-rc1", {"model": "bullying-text v8-rc1"}),
        Example("why does the release gate say fail", {"gate": "release"}),
        Example("pass or fail? bullying-text v8-rc1", {"model": "bullying-text v8-rc1"}),
        Example("does the model satisfy every requirement before launch"),
        Example("gate result per rule for v5-rc1 pls", {"model": "challenge-video v5-rc1"}),
        Example("are we good to release challenge-video", {"model": "challenge-video"}),
        Example("is v8-rc1 good enough to go live", {"model": "bullying-text v8-rc1"}),
        Example("challenge-video candidate ready for production?", {"model": "challenge-video candidate"}),
        Example("which release conditions does v7 miss", {"model": "bullying-text v7"}),
        Example("gate report for challenge-video v5-rc1", {"model": "challenge-video v5-rc1"}),
        Example("may v8-rc1 be released", {"model": "bullying-text v8-rc1"}),
        Example("what keeps v5-rc1 from shipping", {"model": "challenge-video v5-rc1"}),
        Example("are all gates green for v4", {"model": "challenge-video v4"}),
        Example("gates candidate", {"model": "candidate"}),
        Example("why was v8-rc1 stopped by the gate", {"model": "bullying-text v8-rc1"}),
        Example("is challenge-video good to release", {"model": "challenge-video"}),
        Example("release readiness of v8-rc1", {"model": "bullying-text v8-rc1"}),
        Example("does the candidate meet all launch requirements", {"model": "candidate"}),
        Example("pass or fail at the gate: v5-rc1", {"model": "challenge-video v5-rc1"}),
        Example("which rule stops v5-rc1", {"model": "challenge-video v5-rc1"}),
        Example("is there anything against shipping v8-rc1", {"model": "bullying-text v8-rc1"}),
    ),
)  # fmt: skip
