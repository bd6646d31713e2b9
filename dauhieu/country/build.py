"""The whole nation, in order: the land, its people and units, their lives, their wrongs; then month by month."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from dauhieu.country import (
    benefits,
    calendar,
    cards,
    care,
    cases,
    contracts,
    contributions,
    control,
    employers,
    facilities,
    geography,
    offices,
    oversight,
    partners,
    payments,
    pensions,
    people,
    reference,
    registers,
    stakes,
    truth,
    work,
)
from dauhieu.country.behaviours import benefits as benefit_deeds
from dauhieu.country.behaviours import brokers, jobs, visits
from dauhieu.country.behaviours import officers as officer_deeds
from dauhieu.country.delivery import Delivered, Door
from dauhieu.country.shape import Floors, Shape, month_after
from dauhieu.country.truth import write as write_truth
from dauhieu.country.world import World
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import StoreError
from dauhieu.law.read import law
from dauhieu.warehouse.store import Store

Progress = Callable[[str, float], None]


QUARTER = 3


@dataclass(frozen=True, slots=True)
class CountryReport:
    """What was made: the shape, every delivery in order, and how many deeds the truth names."""

    shape: Shape
    deliveries: tuple[Delivered, ...]
    deeds: int
    look_alikes: int

    @property
    def rows(self) -> int:
        return sum(delivery.rows for delivery in self.deliveries)


def build(
    store: Store,
    *,
    scale: Fraction | float | str,
    months: int = 24,
    seed: int = 7,
    last_month: date = date(2026, 10, 1),
    truth: Path | None = None,
    engine_options: EngineOptions | None = None,
    now: datetime | None = None,
    progress: Progress = lambda stage, share: None,
    floors: Floors | None = None,
    planted: bool = True,
) -> CountryReport:
    """Make the nation and land it in the store; a build stopped half-way goes on: what landed stays.

    Without `planted` wrongs the nation is clean: what a sign finds there is noise.
    """
    if not store.invented:
        raise StoreError(
            "The store is not marked as invented: it may hold real people. Name a new folder, and the mark is made.",
            path=store.path,
        )
    shape = Shape(Fraction(str(scale)), months, seed, last_month, floors or Floors(), planted)
    options = engine_options or EngineOptions()
    work_folder = Path(tempfile.mkdtemp(prefix=".country-", dir=store.path.resolve().parent))
    bounds = replace(options, folders=(work_folder,), temporary=work_folder / "spill")
    try:
        with DuckDBEngine(bounds) as engine:
            world = World(engine, store.contract, shape)
            settle(world, progress)
            with Door(store, now, options) as door:
                _months(door, world, work_folder, progress)
                door.wait()
            deeds, look_alikes = write_truth(world, truth, work_folder)
            return CountryReport(shape, tuple(door.done), deeds, look_alikes)
    finally:
        shutil.rmtree(work_folder, ignore_errors=True)


def settle(world: World, progress: Progress) -> None:
    """Everything which is not made month by month: how things are, who does what, and what is told of it."""
    progress("land and people", 0.0)
    reference.load(world)
    calendar.make_months(world, law())
    calendar.make_workdays(world)
    truth.begin(world)
    stakes.begin(world)
    geography.make_places(world)
    people.make_names(world)
    people.make_people(world)
    people.make_kinship(world)
    progress("employers and work", 0.03)
    work.make_workers(world)
    employers.make_employers(world)
    work.make_spells(world)
    progress("facilities and offices", 0.05)
    facilities.make_facilities(world)
    offices.make_officers(world)
    progress("lives and benefits", 0.06)
    _live(world)
    progress("what is told of it", 0.09)
    _tell(world)


def _live(world: World) -> None:
    cases.make_tables(world)
    benefits.make_births(world)
    jobs.plant(world)
    work.make_titles(world)
    registers.make_duplicates(world)
    contributions.make_rates(world, law())
    contributions.make_payment_habits(world)
    benefits.make_maternity(world)
    benefits.make_sickness(world)
    benefits.make_leavers(world)
    pensions.make_pensions(world)
    pensions.make_deaths(world)
    employers.make_representatives(world)
    benefits.make_accidents(world)
    partners.make_absences(world)
    visits.absences(world)
    benefit_deeds.plant(world)
    cards.make_cards(world)
    cards.make_agents(world)
    care.make_care(world)
    visits.plant(world)
    brokers.plant(world)
    payments.make_beneficiaries(world)
    officer_deeds.plant(world)
    care.make_absent(world)
    contracts.make_declarations(world)


def _tell(world: World) -> None:
    geography.deliver_places(world)
    registers.deliver_persons(world)
    registers.deliver_employers(world)
    registers.deliver_accounts(world)
    facilities.deliver_facilities(world)
    facilities.deliver_catalogues(world)
    offices.deliver_officers(world)
    contracts.deliver_contracts(world)
    contracts.deliver_declarations(world)
    benefits.deliver_events(world)
    payments.deliver_cases(world)
    payments.deliver_papers(world)
    payments.deliver_pensions(world)
    cards.deliver_cards(world)
    cards.deliver_agents(world)
    partners.deliver_tax(world)
    partners.deliver_business(world)
    partners.deliver_registers(world)
    control.deliver_control(world)
    oversight.deliver_oversight(world)
    stakes.of_cases(world)


def _months(door: Door, world: World, folder: Path, progress: Progress) -> None:
    shape = world.shape
    progress("master data", 0.1)
    door.hand_in(world, folder / "master", shape.first_month)
    for m in range(shape.months):
        month = month_after(shape.first_month, m)
        progress(f"{month:%Y-%m}", 0.15 + 0.85 * m / shape.months)
        contributions.make_month(world, m)
        payments.pay_pensions(world, m)
        if month >= shape.first_claim_month:
            care.make_month(world, m)
            partners.deliver_purchases(world, m)
        if month < shape.first_claim_month and month.month % QUARTER and m + 1 < shape.months:
            # The history before the claims is taken over in quarters, as an agency which begins would do.
            continue
        door.hand_in(world, folder / f"{month:%Y-%m}", month_after(month, 1))
