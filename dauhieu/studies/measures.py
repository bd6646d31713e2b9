"""Counts over the findings which stand at each step, by sign, area and unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from dauhieu.catalogue.sign import RANKING
from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.base import Engine
from dauhieu.findings.stored import findings_input
from dauhieu.law.law import Law
from dauhieu.scan import PLACE
from dauhieu.scoring.warnings import ROLLED_FROM, ROLLED_TO
from dauhieu.studies.areas import label_areas, places_of
from dauhieu.studies.chain import FROM, TO, Chains
from dauhieu.studies.running import Ground, Moment, sight_at
from dauhieu.studies.waterfall import CAUSES, Measure, Waterfall

TOP_UNITS = 12
# Units which are no persons, nor things of one such as an account.
OPEN_KINDS = ("employer", "facility", "agent")
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Which difference is asked about: of the findings which rank, or of all those of one sign.

    `persons` shows the codes of persons, and of accounts and the like.
    """

    earlier: date
    later: date
    area: str | None = None
    sign: str | None = None
    kind: str | None = None
    persons: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """One employer, facility or agent; all persons without one are one unit without a code, so are all accounts."""

    kind: str
    code: str | None
    waterfall: Waterfall


@dataclass
class Measures:
    """Counts over the findings of every step, in one relation `found` and one list of which stand at which step."""

    ground: Ground
    law: Law
    engine: Engine
    question: Question
    chains: Chains

    def register(self, moments: tuple[Moment, Moment]) -> None:
        """Label the findings with their area on both maps, and with the unit they weigh on."""
        self._sources()
        for moment, relation in zip(moments, ("area_from", "area_to"), strict=True):
            sight = sight_at(self.ground, self.law, self.engine, moment)
            label_areas(sight, relation, self.question.area)
            if relation == "area_from":
                Workbench(sight, self.ground.catalogue, self.law).compute([PLACE])
                places_of(self.engine, "place_from", PLACE, "source_finding")
                self.engine.drop(PLACE)
        self.engine.materialise("found", self._labelled())
        last = len(CAUSES)
        # A sign which rose or fell between the scans counts in one of them alone: that is scope, the first cause.
        steps = [
            {"step": step, "sign_id": sign, "source": source, "status": self._status(sign) if step else None}
            for sign, after in self.chains.after.items()
            for step, source in enumerate((*after, after[-1]))
        ]
        words = ("sign_id", "source", "status")
        schema = pa.schema([("step", pa.int32()), *((word, pa.string()) for word in words)])
        self.engine.register("standing", pa.Table.from_pylist(steps, schema=schema))
        # What the agency has excepted by the time of the earlier scan is out at every step before its exceptions.
        where = [
            f"NOT CASE WHEN s.step >= {list(CAUSES).index('excepted') + 1} THEN f.excepted ELSE f.excepted_before END"
        ]
        if not self.question.sign:
            status = f"CASE WHEN f.source = '{FROM}' THEN coalesce(s.status, f.sign_status) ELSE f.sign_status END"
            where.append(f"coalesce({status} IN ({_list(RANKING)}), true)")
        if self.question.kind:
            where.append(f"f.subject_kind = {_text(self.question.kind)}")
        area = f"CASE WHEN s.step = {last} THEN f.area_to ELSE f.area_from END"
        if self.question.area:
            where.append(f"{area} IS NOT NULL")
        self.engine.register_view(
            "state",
            f"SELECT s.step, f.*, coalesce({area}, '') AS area FROM found AS f "
            f"JOIN standing AS s ON s.sign_id = f.sign_id AND s.source = f.source WHERE {' AND '.join(where)}",
        )

    def _status(self, sign: str) -> str | None:
        found = self.ground.catalogue.signs.get(sign)
        return found.status if found else None

    def _sources(self) -> None:
        """The findings of every source which stands at some step."""
        standing = {(source, sign) for sign, after in self.chains.after.items() for source in after}
        by_source: dict[str, list[str]] = {}
        for source, sign in sorted(standing):
            by_source.setdefault(source, []).append(sign)
        parts = []
        for source, signs in by_source.items():
            files = [file for sign in signs for file in self.chains.files.get((source, sign), ())]
            self.engine.register(f"finding_{source}", findings_input(self.ground.store, files))
            parts.append(f"SELECT '{source}' AS source, * FROM finding_{source}")
        self.engine.register_view("source_finding", " UNION ALL ".join(parts))

    def _labelled(self) -> str:
        """Before the geography changed, every subject stands where it stood at the earlier scan."""
        units = "\n".join(
            f"WHEN subject_kind IN ({_list(ROLLED_FROM)}) AND json_extract_string(facts, '$.{fact}') IS NOT NULL "
            f"THEN '{kind}:' || json_extract_string(facts, '$.{fact}')"
            for kind, fact in ROLLED_TO.items()
        )
        return f"""
            SELECT f.source, f.sign_id, f.sign_status, f.subject_kind, f.subject_code, f.amount,
                   f.exception_id IS NOT NULL AS excepted,
                   f.finding_id IN (
                     SELECT finding_id FROM finding_{FROM} WHERE exception_id IS NOT NULL) AS excepted_before,
                   CASE {units} ELSE f.subject_kind || ':' || coalesce(f.subject_code, '') END AS unit,
                   a.label AS area_from, b.label AS area_to
            FROM (
              SELECT f.*, CASE WHEN f.source = '{FROM}' THEN f.area_code
                               ELSE coalesce(p.area_code, f.area_code) END AS old_area
              FROM source_finding AS f
              LEFT JOIN place_from AS p ON f.source <> '{FROM}' AND p.subject_kind = f.subject_kind
                AND p.subject_id = f.subject_id AND f.period_to BETWEEN p.valid_from AND p.valid_to) AS f
            LEFT JOIN area_from AS a ON a.code = f.old_area
            LEFT JOIN area_to AS b ON b.code = f.area_code"""

    def exceptions(self) -> dict[str, str]:
        """How many findings of the later scan each exception leaves out."""
        rows = self.engine.rows(
            "SELECT exception_id, count(*) FROM source_finding "
            f"WHERE source = '{TO}' AND exception_id IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        return {str(name): str(count) for name, count in rows}

    def other_statuses(self) -> dict[str, str]:
        """Signs whose findings did not weigh in the earlier scan and do now, or the other way round."""
        rows = self.engine.rows(f"SELECT DISTINCT sign_id, sign_status FROM found WHERE source = '{FROM}' ORDER BY 1")
        told = ((str(sign), str(before), self._status(str(sign))) for sign, before in rows if before)
        return {
            sign: f"{before} -> {now}" for sign, before, now in told if now and (before in RANKING) != (now in RANKING)
        }

    def by(self, group: str, where: str = "true") -> dict[str, Waterfall]:
        """A waterfall for each value of a column."""
        rows = self.engine.rows(
            f"SELECT {group} AS name, step, count(*), count(DISTINCT subject_kind || ':' || subject_code), "
            f"coalesce(sum(amount), 0) FROM state WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return waterfalls(rows) or ({"": Waterfall.over([Measure()] * (len(CAUSES) + 1))} if group == "''" else {})

    def units(self) -> tuple[Unit, ...]:
        """Those which make up most of the change, in its direction."""
        last = len(CAUSES)
        kind = "split_part(unit, ':', 1)"
        shown = "unit"
        if not self.question.persons:
            shown = f"CASE WHEN {kind} IN ({_list(OPEN_KINDS)}) THEN unit ELSE {kind} || ':' END"
        rise = f"count(*) FILTER (step = {last}) - count(*) FILTER (step = 0)"
        money = f"coalesce(sum(amount) FILTER (step = {last}), 0) - coalesce(sum(amount) FILTER (step = 0), 0)"
        total = int(str(self.engine.rows(f"SELECT {rise} FROM state")[0][0]))
        order = "DESC" if total >= 0 else "ASC"
        top = self.engine.rows(
            f"SELECT {shown} AS unit, {rise} AS rise, {money} AS money FROM state GROUP BY 1 HAVING rise <> 0 "
            f"ORDER BY rise {order}, money {order}, unit LIMIT {TOP_UNITS}"
        )
        names = [str(row[0]) for row in top]
        found = self.by(shown, f"{shown} IN ({_list(names)})") if names else {}
        return tuple(Unit(name.partition(":")[0], name.partition(":")[2] or None, found[name]) for name in names)


def waterfalls(rows: Iterable[Row]) -> dict[str, Waterfall]:
    """Rows (name, step, findings, subjects, money) as waterfalls; a step without a row has nothing."""
    steps: dict[str, dict[int, Measure]] = {}
    for name, step, *counts in rows:
        steps.setdefault(str(name), {})[int(str(step))] = Measure(*(int(str(count)) for count in counts))
    places: Sequence[int] = range(len(CAUSES) + 1)
    return {name: Waterfall.over([at.get(place, Measure()) for place in places]) for name, at in steps.items()}


def _list(values: Iterable[str]) -> str:
    return ", ".join(_text(value) for value in values)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
