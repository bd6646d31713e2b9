"""Why a number changed: the difference of the findings of two scanned months, split into causes which add up to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import DauhieuError, SignError
from dauhieu.law.change import came_into_force
from dauhieu.law.law import Law
from dauhieu.studies.chain import Chaining, Tell
from dauhieu.studies.measures import Measures, Question, Unit
from dauhieu.studies.running import Ground, Moment, sight_at
from dauhieu.studies.scans import month_scanned
from dauhieu.studies.waterfall import CAUSES, Waterfall
from dauhieu.yamlfile import suggestion


@dataclass(frozen=True)
class Why:
    """The answer. `law` are parameters which came into force: what held before and what holds now."""

    question: Question
    moments: tuple[Moment, Moment]
    total: Waterfall
    signs: Mapping[str, Waterfall]
    areas: Mapping[str, Waterfall]
    units: tuple[Unit, ...]
    details: Mapping[str, Mapping[str, str]]
    law: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        asked = self.question
        return {
            "from": str(asked.earlier),
            "to": str(asked.later),
            "area": asked.area,
            "sign": asked.sign,
            "kind": asked.kind,
            "causes": {name: {"vi": vi, "en": en} for name, (vi, en) in CAUSES.items()},
            "total": self.total.as_json(),
            "signs": {name: one.as_json() for name, one in self.signs.items()},
            "areas": {name: one.as_json() for name, one in self.areas.items()},
            "units": [{"kind": one.kind, "code": one.code, **one.waterfall.as_json()} for one in self.units],
            "details": self.details,
            "law": self.law,
        }


def why(ground: Ground, law: Law, question: Question, tell: Tell = lambda what, done: None) -> Why:
    """Compare two scanned months; the store is only read."""
    if question.earlier >= question.later:
        raise DauhieuError("The month compared with comes first: --from 2026-09 --to 2026-10.")
    store = ground.store
    with DuckDBEngine(ground.options(ground.work)) as engine:
        latest = store.version()
        earlier = month_scanned(engine, store, latest, question.earlier)
        later = month_scanned(engine, store, latest, question.later)
        signs = _asked(question, {*earlier.signs, *later.signs})
        bench = Workbench(sight_at(ground, law, engine, later.moment), ground.catalogue, law)
        chains = Chaining(ground, law, engine, bench, earlier, later, tell).chain(signs)
        tell("units", 1.0)
        measures = Measures(ground, law, engine, question, chains)
        measures.register((earlier.moment, later.moment))
        chains.details["excepted"] = measures.exceptions()
        if not question.sign:
            chains.details["scope"] = measures.other_statuses() | chains.details["scope"]
        names = {name for told in chains.details["law"].values() for name in told.split(", ")}
        came = came_into_force(law, names, question.earlier, question.later)
        return Why(
            question,
            (earlier.moment, later.moment),
            measures.by("''")[""],
            _steepest(measures.by("sign_id")),
            _steepest(measures.by("area")),
            measures.units(),
            {cause: told for cause, told in chains.details.items() if told},
            {
                name: f"{_said(before.values)} -> {_said(now.values) if now else 'ended'}"
                for name, (before, now) in came.items()
            },
        )


def _asked(question: Question, known: Iterable[str]) -> frozenset[str]:
    if question.sign is None:
        return frozenset(known)
    if question.sign not in known:
        raise SignError(f"No scan of these months has a sign '{question.sign}'.{suggestion(question.sign, known)}")
    return frozenset({question.sign})


def _said(values: Mapping[tuple[str | int, ...], object]) -> str:
    return ", ".join(f"{'/'.join(map(str, key))} {value}".strip() for key, value in values.items())


def _steepest(found: Mapping[str, Waterfall]) -> dict[str, Waterfall]:
    """Those which changed most first; those without findings at both ends and between are left out."""
    moved = {name: one for name, one in found.items() if one.start or one.end or any(one.parts.values())}
    return dict(sorted(moved.items(), key=lambda pair: (-abs(pair[1].difference.findings), pair[0])))
