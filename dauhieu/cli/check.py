"""`dauhieu check`: the ladder, its quick steps always, its slow ones when asked for."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from dauhieu.catalogue.budget import BUDGETS, read_budgets, write_budgets
from dauhieu.catalogue.catalogue import Catalogue, read_catalogue
from dauhieu.catalogue.site import named_site
from dauhieu.catalogue.tried import Tried, digest_of, read_tried, write_tried
from dauhieu.cli.catalogue import Site, failed_in, small_engine
from dauhieu.cli.options import AsJson
from dauhieu.cli.terminal import err, now, out, print_json, progress
from dauhieu.errors import DauhieuError, Fault
from dauhieu.law.read import law
from dauhieu.proof.crossfire import CrossFire, cross_fire
from dauhieu.proof.ladder import Crew, Ladder, Report
from dauhieu.proof.mutation import MutationScore, as_figures, median_noticed
from dauhieu.proof.nations import Nations, budget_faults, measure, proposed
from dauhieu.warehouse.contract import contract

Share = Callable[[str, float], None]
# Of signs which have not changed, the slow steps look at so many, always the same.
SAMPLE, SEED = 5, 7


@dataclass(frozen=True)
class Steps:
    """What the steps which ran have shown; the faults of all of them fail the check."""

    report: Report
    scores: Sequence[MutationScore] | None
    crossed: CrossFire | None
    nations: Nations | None
    faults: tuple[Fault, ...]

    def as_json(self) -> dict[str, object]:
        body = self.report.as_json() | {"failures": len(self.faults)}
        body["faults"] = [{"path": str(one.path), "line": one.line, "message": one.message} for one in self.faults]
        body |= as_figures(self.scores) if self.scores is not None else {}
        body |= {"cross_fire": self.crossed.as_json()} if self.crossed else {}
        return body | ({"nations": self.nations.as_json()} if self.nations else {})


def check(
    ids: Annotated[list[str] | None, typer.Argument(help="Signs to check; all if none is named.")] = None,
    site: Site = None,
    mutation: Annotated[
        bool, typer.Option("--mutation", help="Also weaken every condition: some example must notice (slow).")
    ] = False,
    cross: Annotated[
        bool, typer.Option("--cross-fire", help="Also run signs on the silent examples of all others (slow).")
    ] = False,
    changed: Annotated[
        bool, typer.Option("--changed", help="Slow steps only for signs changed since these were recorded, and a few.")
    ] = False,
    record: Annotated[
        bool, typer.Option("--record", help="With --mutation and --cross-fire: keep what they showed, for --changed.")
    ] = False,
    nations: Annotated[
        Path | None,
        typer.Option(help="Also measure noise, recall and cost on two synthetic nations kept in this folder (slow)."),
    ] = None,
    propose: Annotated[
        bool, typer.Option("--propose", help="With --nations: write budgets which are missing, and those of the IDS.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Signs checked at the same time.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Climb the ladder: schema, lint, columns, compile, examples, lock. Every fault with file and line."""
    if record and not (mutation and cross):
        raise DauhieuError("What --record keeps is what --mutation and --cross-fire have shown. Ask for both.")
    catalogue = read_catalogue(contract(), named_site(site) if site else None)
    failed = failed_in(site, catalogue) if site else {}
    wanted = ids or ()
    # Names nobody knows are told before anything slow begins.
    catalogue.chosen(wanted)
    crew = Crew(jobs, small_engine)
    with small_engine() as engine, progress("Check") as tell:
        ladder = Ladder(engine, contract(), catalogue, law())
        report = ladder.climb(wanted, _counted(tell, len(wanted or catalogue.signs)), failed, crew)
        slow = slow_signs(catalogue, wanted, changed=changed)
        scores = _weakened(ladder, slow, crew, tell) if mutation else None
        # Nobody named and nothing left out: every sign against every other.
        against = slow if wanted or changed else ()
        crossed = cross_fire(ladder, against, crew, _counted(tell, len(catalogue.signs), " crossed")) if cross else None
        measured = measure(nations, catalogue, law(), now, tell) if nations else None
    faults = [*report.failures, *(crossed.faults if crossed else ())]
    if measured:
        faults += _budgeted(measured, catalogue, wanted, propose=propose)
    if scores:
        faults += recorded(scores, catalogue, record=record and not faults)
    steps = Steps(report, scores, crossed, measured, tuple(faults))
    if as_json:
        print_json(steps.as_json())
    else:
        _print(steps, failed.items())
    if faults:
        raise typer.Exit(5)


def slow_signs(catalogue: Catalogue, wanted: Collection[str], *, changed: bool) -> list[str]:
    """The signs of the slow steps: those named, or all; of these, if asked, the changed ones and a fixed sample.

    Changed are those which, with their examples, are not what the slow steps were last recorded of.
    """
    alive = [
        name for name, sign in catalogue.signs.items() if sign.status != "retired" and (not wanted or name in wanted)
    ]
    if not changed:
        return alive
    lines = read_tried(catalogue)
    sample = random.Random(SEED).sample(alive, min(SAMPLE, len(alive)))
    return [name for name in alive if name in sample or _is_changed(catalogue, name, lines)]


def _is_changed(catalogue: Catalogue, name: str, lines: Mapping[str, Tried]) -> bool:
    return name not in lines or lines[name].of != digest_of(catalogue.signs[name])


def _weakened(ladder: Ladder, ids: Sequence[str], crew: Crew, tell: Share) -> list[MutationScore]:
    heard = _counted(tell, len(ids), " weakened")
    scores = []
    for score in ladder.each(Ladder.weaken, ids, crew):
        heard(score.sign_id)
        scores.append(score)
    return scores


def recorded(scores: Sequence[MutationScore], catalogue: Catalogue, *, record: bool) -> list[Fault]:
    """Keep what mutation showed; or tell of which signs it showed something else than what is kept of the same text."""
    lines = read_tried(catalogue)
    if record:
        new = {one.sign_id: Tried(digest_of(catalogue.signs[one.sign_id]), one.mutants, one.seen) for one in scores}
        write_tried(catalogue, lines | new)
        return []
    return list(_others(scores, catalogue, lines))


def _others(scores: Sequence[MutationScore], catalogue: Catalogue, lines: Mapping[str, Tried]) -> Iterator[Fault]:
    for one in scores:
        if _is_changed(catalogue, one.sign_id, lines):
            continue
        line = lines[one.sign_id]
        if (line.weakened, line.noticed) != (one.mutants, one.seen):
            yield Fault(
                catalogue.signs[one.sign_id].path,
                1,
                f"Of {one.mutants} weakened conditions {one.seen} are noticed; recorded are {line.noticed} of "
                f"{line.weakened}, and the sign is the same. What it stands on has changed: see what is left, then "
                f"'dauhieu check {one.sign_id} --mutation --cross-fire --record'.",
            )


def _budgeted(measured: Nations, catalogue: Catalogue, wanted: Collection[str], *, propose: bool) -> list[Fault]:
    """What breaks its budget; proposed lines are written first."""
    lines = read_budgets(BUDGETS, catalogue)
    if propose:
        for one in measured.signs:
            new = proposed(one, lines.get(one.sign))
            if new and (one.sign in wanted or one.sign not in lines):
                lines[one.sign] = new
        write_budgets(BUDGETS, lines)
    return list(budget_faults(measured, catalogue, lines, BUDGETS))


def _counted(tell: Share, total: int, word: str = "") -> Callable[[str], None]:
    """Tells of a sign which share is done with it."""
    counter = itertools.count(1)
    return lambda sign: tell(sign + word, next(counter) / max(1, total))


def _print(steps: Steps, failed: Collection[tuple[str, str]]) -> None:
    report = steps.report
    if steps.scores is not None:
        _print_scores(steps.scores)
    for fault in steps.faults:
        err.print(str(fault), markup=False, highlight=False)
    for note in report.notes:
        err.print(f"Note: {note}", markup=False, highlight=False)
    if steps.crossed:
        for idle in steps.crossed.idle:
            err.print(f"Note: reviewed, and it fires no more: {idle}.", markup=False, highlight=False)
        out.print(
            f"Cross-fire: {steps.crossed.runs:,} runs of {steps.crossed.signs} signs on silent examples of others, "
            f"{len(steps.crossed.hits)} reviewed or faulty hits."
        )
    if steps.nations:
        ran = [one for one in steps.nations.signs if one.noise is not None]
        out.print(
            f"Nations at {steps.nations.measures.scale}: {len(ran)} of {len(steps.nations.signs)} signs ran, "
            f"{sum(one.noise or 0 for one in ran):,} findings where nobody does wrong, "
            f"{sum(one.cpu or 0 for one in ran):.0f} s of CPU for all SELECTs."
        )
    out.print(
        f"{report.signs} signs of {report.violations} violations, {report.examples} examples, "
        f"{len(steps.faults)} failures."
    )
    out.print(", ".join(f"{count} {status}" for status, count in report.status.items()) + ".")
    for name, reason in failed:
        out.print(f"{name} BROKEN: {reason}", markup=False)


def _print_scores(scores: Sequence[MutationScore]) -> None:
    for score in scores:
        out.print(f"{score.sign_id}: {score.noticed / 10_000:.1f} % of {score.mutants} weakened conditions noticed")
        for change in score.survivors:
            out.print(f"  not noticed: {change}", markup=False, highlight=False)
    out.print(f"Median of {len(scores)} signs: {median_noticed(score.noticed for score in scores) / 10_000:.1f} %")
