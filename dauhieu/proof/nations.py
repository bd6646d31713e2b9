"""The last steps of the ladder, on two synthetic nations: noise in a clean one, recall in a planted one, and cost.

Where nobody does wrong, every finding is noise; where wrongs are planted and told, it is known what is to be found.
Both are kept in a folder and made again when what makes them has changed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import dauhieu
from dauhieu.catalogue.budget import Budget
from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.compiler.workbench import Workbench
from dauhieu.country.build import build
from dauhieu.engines.base import EngineOptions
from dauhieu.errors import DauhieuError, Fault
from dauhieu.findings.report import ScanReport, ScanRequest
from dauhieu.law.law import Law
from dauhieu.looking import looking
from dauhieu.proof.planted import Proof, SignProof, population, prove
from dauhieu.scan import scan
from dauhieu.scoring.interval import Share
from dauhieu.warehouse.store import Store

Tell = Callable[[str, float], None]
PER = 100_000
# A sign alone holds its rows in this much memory, with nowhere to spill to.
MEMORY = "1GB"
# Twice the time recorded and this much are no fault: clocks of small times are coarse, and machines differ.
CPU_SLACK = 0.5


@dataclass(frozen=True, slots=True)
class Measures:
    """What is built: small enough for a check, with the floors of the country in every kind of deed."""

    scale: str = "0.002"
    months: int = 24
    seed: int = 7
    last_month: date = date(2026, 10, 1)
    as_of: date = date(2026, 10, 31)


@dataclass(frozen=True, slots=True)
class Measured:
    """One sign on both nations. `noise` are findings in the clean one among `subjects` of its kind, None if not run."""

    sign: str
    noise: int | None
    subjects: int
    recall: Share | None
    cpu: float | None
    trouble: str = ""


@dataclass(frozen=True)
class Nations:
    """Everything measured, in the order of the catalogue."""

    measures: Measures
    signs: tuple[Measured, ...]

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def measure(
    folder: Path,
    catalogue: Catalogue,
    law: Law,
    now: Callable[[], datetime],
    tell: Tell = lambda what, done: None,
    measures: Measures = Measures(),
) -> Nations:
    """Build what is not there, scan both nations, compare with the truth, and time each sign."""
    clean = nation(folder / "clean", measures, now(), tell, planted=False)
    planted = nation(folder / "planted", measures, now(), tell, planted=True)
    request = ScanRequest(measures.as_of)
    scans = [scan(store, catalogue, law, request, now=now, tell=tell) for store in (clean, planted)]
    quiet, subjects = _proof(clean, folder / "clean.parquet", catalogue, measures.as_of)
    found, _ = _proof(planted, folder / "planted.parquet", catalogue, measures.as_of)
    costs = dict(_costs(planted, catalogue, law, measures.as_of, tell))
    signs = _together(catalogue, scans, quiet, found, subjects, costs)
    return Nations(measures, tuple(signs))


def nation(folder: Path, measures: Measures, now: datetime, tell: Tell, *, planted: bool) -> Store:
    """The store of a nation, as it is or made anew; its truth stands beside it."""
    mark = folder.with_suffix(".made")
    made = json.dumps({"measures": asdict(measures), "maker": maker_digest()}, default=str)
    if mark.is_file() and mark.read_text(encoding="utf-8") == made:
        return Store.open(folder)
    # Without its mark a nation is half built, or made by other code.
    mark.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    store = Store.create(folder, invented=True)
    build(
        store,
        scale=measures.scale,
        months=measures.months,
        seed=measures.seed,
        last_month=measures.last_month,
        truth=folder.with_suffix(".parquet"),
        engine_options=EngineOptions(memory="2GB", threads=2),
        now=now,
        progress=lambda stage, share: tell(f"{folder.name} nation, {stage}", share),
        planted=planted,
    )
    mark.write_text(made, encoding="utf-8")
    return store


def maker_digest() -> str:
    """A digest of the code and data a nation is made by and landed with."""
    found = hashlib.sha256()
    package = Path(dauhieu.__file__).parent
    for room in ("country", "deliveries", "warehouse", "law"):
        for path in sorted((package / room).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _proof(store: Store, truth: Path, catalogue: Catalogue, as_of: date) -> tuple[Proof, Mapping[str, int]]:
    with looking(store, as_of) as (engine, sight):
        return prove(engine, sight, store, store.version(), catalogue, truth), population(engine, sight)


def _costs(store: Store, catalogue: Catalogue, law: Law, as_of: date, tell: Tell) -> Iterator[tuple[str, float | str]]:
    """CPU seconds of each sign's own SELECT, views aside, or why it failed within the memory."""
    signs = catalogue.chosen()
    with looking(store, as_of, EngineOptions(memory=MEMORY, threads=1)) as (engine, sight):
        bench = Workbench(sight, catalogue, law)
        for number, sign in enumerate(signs):
            tell(f"{sign.id} timed", number / len(signs))
            try:
                compiled = bench.compile(sign)
                bench.ready(compiled)
                begun = time.process_time()
                engine.materialise("timed", compiled.sql)
                yield sign.id, time.process_time() - begun
            except DauhieuError as error:
                yield sign.id, error.faults[0].message
            engine.drop("timed")


def _together(
    catalogue: Catalogue,
    scans: list[ScanReport],
    quiet: Proof,
    found: Proof,
    subjects: Mapping[str, int],
    costs: Mapping[str, float | str],
) -> Iterator[Measured]:
    states = [{result.sign.id: result for result in report.results} for report in scans]
    noise, shown = ({one.sign_id: one for one in proof.signs} for proof in (quiet, found))
    for sign in catalogue.chosen():
        clean, planted = (state[sign.id] for state in states)
        cost = costs[sign.id]
        trouble = [result.reason for result in (clean, planted) if result.state == "failed"]
        trouble += [cost] if isinstance(cost, str) else []
        yield Measured(
            sign.id,
            noise[sign.id].findings if clean.state == "run" else None,
            # A document or a device has no register: its findings are counted among persons.
            subjects.get(sign.subject) or subjects["person"],
            _recall(shown[sign.id]) if planted.state == "run" else None,
            cost if isinstance(cost, float) and planted.state == "run" else None,
            "; ".join(trouble),
        )


def _recall(one: SignProof) -> Share | None:
    """None where too few are planted, or none of them in a way this sign looks for."""
    return one.recall if one.provable and one.recall.hits else None


def budget_faults(nations: Nations, catalogue: Catalogue, budgets: Mapping[str, Budget], path: Path) -> Iterator[Fault]:
    """Where a sign is louder, blinder or slower than its line allows, or has no line although it ran."""
    for one in nations.signs:
        budget = budgets.get(one.sign)
        where = catalogue.signs[one.sign].path
        if one.trouble:
            yield Fault(where, 1, f"On a synthetic nation it fails: {one.trouble}")
        if budget is None and one.noise is not None and one.cpu is not None:
            message = f"'{one.sign}' has no budget. See what it finds, then 'dauhieu check --nations DIR --propose'."
            yield Fault(path, 0, message)
        elif budget:
            yield from (Fault(where, 1, message) for message in _broken(one, budget))


def _broken(one: Measured, budget: Budget) -> Iterator[str]:
    if one.noise is not None and one.noise * PER > budget.noise * one.subjects:
        rate = one.noise * PER / one.subjects
        yield (
            f"In the clean nation it makes {one.noise} findings, {rate:.1f} per 100,000; its noise budget is "
            f"{budget.noise}. 'dauhieu findings' on that store shows them."
        )
    hits, of = (one.recall.hits, one.recall.of) if one.recall else (0, 0)
    if budget.recall is not None and one.cpu is not None and hits * 100 < budget.recall * of:
        yield f"It finds {hits} of {of} planted subjects; its recall floor is {budget.recall} %."
    elif budget.recall and one.cpu is not None and not of:
        yield f"It finds none of the planted subjects; its recall floor is {budget.recall} %."
    if one.cpu is not None and one.cpu > 2 * budget.cpu + CPU_SLACK:
        yield f"Its SELECT took {one.cpu:.1f} s of CPU; recorded are {budget.cpu:.2f} s."


def proposed(one: Measured, before: Budget | None = None) -> Budget | None:
    """A line from what was measured, with room for chance; None for what was not run."""
    if one.noise is None or one.cpu is None:
        return None
    # Half as many again and three more: of nothing seen in so many, three would still be no surprise.
    noise = -(-(one.noise * 3 // 2 + 3) * PER // one.subjects)
    recall = None if one.recall is None or one.recall.low is None else int(100 * one.recall.low) or None
    return Budget(noise, max(0.05, round(one.cpu, 2)), recall, before.why if before else "")
