"""The one door to the store: whoever asks says for which scope, and sees only what lies in it.

A question is SQL over the relations of `RELATIONS`, which the lake narrows to the scope before the engine reads it. The
relations as they are have other names, and a question which says one of them is refused.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar, cast

import pyarrow as pa

from dauhieu.catalogue.violation import violations
from dauhieu.engines.base import EngineOptions, Input
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import EngineError
from dauhieu.findings.stored import scanned_months, show_ranking
from dauhieu.looking import looking
from dauhieu.scoring.rank import hidden_subjects
from dauhieu.scoring.warnings import ROLLED_FROM, ROLLED_TO
from dauhieu.warehouse.areas import AREA
from dauhieu.warehouse.contract import contract
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version
from dauhieu.web.accounts.scope import Reach, Scope, ScopeError, TerritoryKind
from dauhieu.web.practice.store import the_store
from dauhieu.web.radar import by_person, care, insured
from dauhieu.web.radar.care import WHOLE
from dauhieu.web.radar.few import withheld
from dauhieu.web.radar.insured import Insured, Sight, listed_ids

T = TypeVar("T")
Rows = tuple[Mapping[str, Any], ...]

# Answers kept for a version: a page asks some five questions, and people look at much the same pages.
KEPT_ANSWERS = 1_000
# Whether its rows have a branch. `unit` has none: it says only that a unit is there, for shares to be counted of.
RELATIONS = {
    "reason": True,
    "finding": True,
    "due": True,
    "paid": True,
    "worker": True,
    "worker_name": True,
    "unit": False,
    "tie": False,
    **dict.fromkeys(care.RELATIONS, True),
}
# Lists of single persons.
ON_PERSONS = ("worker", "worker_name", "staff")
PERSONAL_KINDS = tuple(sorted(name for name, kind in contract().kinds.items() if kind.personal))
# Kinds of subjects which have a page, a place on the map and may be visited.
UNIT_KINDS = ("employer", "facility")
STORED = (
    "warning admin_unit vss_org_unit key_employer employer employer_identity facility contribution_due "
    "employer_representative employer_bank_account ext_business si_declaration "
    "contribution_payment scan scan_sign delivery set_aside data_fault inspection_case"
).split()
COLUMN = {
    TerritoryKind.PROVINCE: "province",
    TerritoryKind.FORMER_PROVINCE: "former_province",
    TerritoryKind.OFFICE: "org_code",
}


def text(value: object) -> str:
    """A value as a literal of SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def plain(told: str) -> str:
    """An expression of SQL without accents and capitals, as names are searched."""
    return f"replace(strip_accents(lower({told})), 'đ', 'd')"


def listed(values: Iterable[object]) -> str:
    return ", ".join(text(value) for value in values)


def unnarrowed(sql: str) -> bool:
    """Whether it names what is read through a scope alone."""
    return (
        WHOLE in sql
        or any(f"stored_{name}" in sql for name in (*insured.STORED, *care.STORED))
        or any(f"sorted_{name}" in sql for name in by_person.TABLES)
    )


def condition(scope: Scope, *, branch: bool) -> str:
    """What a scope lets through, of a relation whose rows have a branch or not."""
    parts = []
    for reach in sorted(scope.reaches):
        place = "true" if reach.kind == TerritoryKind.NATION else f"{_column(reach)} = {text(reach.code)}"
        parts.append(f"({place} AND branch = {text(reach.branch)})" if reach.branch and branch else f"({place})")
    return " OR ".join(parts)


def _column(reach: Reach) -> str:
    if reach.kind not in COLUMN:
        raise ScopeError(f"A territory of the unknown kind '{reach.kind}'.")
    return COLUMN[TerritoryKind(reach.kind)]


def _narrowed(name: str, scope: Scope) -> str:
    """A relation as the scope lets it through: who may not see persons finds those on persons without a face."""
    where = condition(scope, branch=RELATIONS[name])
    if scope.sees_persons or name not in ("finding", *ON_PERSONS):
        return f"SELECT * FROM {WHOLE}{name} WHERE {where}"
    if name in ON_PERSONS:
        return f"SELECT * FROM {WHOLE}{name} WHERE false"
    blank = ", ".join(
        f"CASE WHEN subject_kind IN ({listed(PERSONAL_KINDS)}) THEN {value} ELSE {column} END AS {column}"
        for column, value in (("subject_id", "NULL"), ("subject_code", "NULL"), ("item", "NULL"), ("facts", "'{}'"))
    )
    return f"SELECT * REPLACE ({blank}) FROM {WHOLE}{name} WHERE {where}"


@dataclass(frozen=True, slots=True)
class Lent:
    """Rows of the site's own database which a question is asked together with, under a name; every cell is text."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(self.rows).encode()).hexdigest()


@dataclass(frozen=True)
class Lake:
    """One version of the store, opened once in a process and read by one question at a time."""

    store: Store
    version: Version
    engine: DuckDBEngine
    hidden: Mapping[tuple[str, str], str]
    lock: Lock = field(default_factory=Lock)
    shelf: Lock = field(default_factory=Lock)
    answers: dict[str, Any] = field(default_factory=dict)
    in_order: set[str] = field(default_factory=set)

    @cached_property
    def months(self) -> tuple[date, ...]:
        return scanned_months(self.version)

    @property
    def number(self) -> int:
        return self.version.number

    @property
    def moment(self) -> datetime:
        return self.version.moment

    def ask(self, scope: Scope | None, sql: str, lent: Lent | None = None, /, **steps: str) -> Rows:
        """The answer for this scope; without a scope there is none. `steps` are named queries which `sql` builds on."""
        if not isinstance(scope, Scope):
            raise ScopeError("The store was asked without a scope.")
        if any(unnarrowed(part) for part in (sql, *steps.values())):
            raise ScopeError("A question names a relation which is not narrowed to a scope.")
        named = {name: _narrowed(name, scope) for name in RELATIONS} | steps
        rows = self._answer(f"WITH {', '.join(f'{name} AS ({query})' for name, query in named.items())} {sql}", lent)
        return rows if scope.sees_persons else withheld(rows)

    def person(self, scope: Scope, number: str) -> Insured | None:
        """Whom a number leads to, if he lies in the scope."""
        self.take_sorted()
        found = self._answer(f"SELECT id FROM stored_key_person WHERE code = {text(number)}")
        if not found:
            return None
        ids = self._ids_of_one(found[0]["id"])
        if self._sight(scope, ids) is None:
            return None
        keys = self._answer(f"SELECT id, code FROM stored_key_person WHERE id IN ({listed_ids(ids)}) ORDER BY id")
        codes = {row["id"]: row["code"] for row in keys}
        return Insured(ids, codes.get(ids[0], number), tuple(codes.values()))

    def ask_of(self, scope: Scope | None, person: Insured, sql: str) -> Rows:
        """The answer about one person, over the relations of `insured`; outside the scope there is none."""
        sight = self._sight(scope, person.ids) if isinstance(scope, Scope) else None
        if sight is None:
            raise ScopeError("The store was asked about a person outside the scope.")
        if unnarrowed(sql):
            raise ScopeError("A question about a person names a relation which is not narrowed to him.")
        named = insured.narrowed(person.ids, sight)
        return self._answer(f"WITH {', '.join(f'{name} AS ({query})' for name, query in named.items())} {sql}")

    def _ids_of_one(self, first: int) -> tuple[int, ...]:
        """All ids of one person, the one he goes by first."""
        survivor = first
        for _ in range(insured.CHAIN_STEPS):
            moved = self._answer(insured.SURVIVORS.format(which=f"person_id = {survivor}"))
            if not moved:
                break
            survivor = moved[0]["survivor_id"]
        members, newest = {survivor}, {survivor}
        for _ in range(insured.CHAIN_STEPS):
            near = self._answer(insured.NEAR.format(ids=listed_ids(newest)))
            if not near:
                break
            ids = listed_ids(row["person_id"] for row in near)
            rows = self._answer(insured.SURVIVORS.format(which=f"person_id IN ({ids})"))
            newest = {row["person_id"] for row in rows if row["survivor_id"] in newest} - members
            if not newest:
                break
            members |= newest
        return (survivor, *sorted(members - {survivor}))

    def take_sorted(self) -> None:
        """Read in the order of persons what a worker has brought into it since."""
        if len(self.in_order) == len(by_person.TABLES):
            return
        for table, copy in by_person.copied(self.store, self.version).items():
            with self.lock:
                if table not in self.in_order:
                    _show_sorted(self.engine, table, copy)
                    self.in_order.add(table)

    def _sight(self, scope: Scope, ids: Sequence[int]) -> Sight | None:
        """Which branches the scope lets through of somebody; None where he lies outside of it."""
        if scope.is_national:
            return Sight(None)
        places = self._answer(insured.PLACES.format(ids=listed_ids(ids)))
        branches = {
            reach.branch
            for reach in scope.reaches
            if reach.kind == TerritoryKind.NATION or any(row[_column(reach)] == reach.code for row in places)
        }
        if not branches:
            return None
        return Sight(None if "" in branches else frozenset(branches))

    def reference(self, sql: str) -> Rows:
        """Names of places, and what came of scans: nothing about any subject, the same for everybody."""
        if unnarrowed(sql):
            raise ScopeError("A question about references names findings or persons.")
        return self._answer(sql)

    def keep_care(self) -> None:
        """Work out once what the pages of all facilities share; they ask it as it is where the memory is too small."""
        with self.lock:
            self.keep("care", self._kept_care)

    def _kept_care(self) -> tuple[str, ...]:
        kept = []
        for name, query in care.KEPT.items():
            with contextlib.suppress(EngineError):
                self.engine.materialise(f"kept_{name}", query)
                self.engine.register_view(name, f"SELECT * FROM kept_{name}")
                kept.append(name)
        return tuple(kept)

    def _answer(self, sql: str, lent: Lent | None = None) -> Rows:
        key = f"{lent.digest} {sql}" if lent else sql
        # What is known need not wait for a question which somebody else has asked.
        if (known := self._known(key)) is not None:
            return cast("Rows", known)
        with self.lock:
            if lent is not None:
                self.engine.register(lent.name, _table(lent.columns, lent.rows))
            return self.keep(key, lambda: self._worked_out(sql))

    def _worked_out(self, sql: str) -> Rows:
        try:
            return tuple(self.engine.table(sql).to_pylist())
        except EngineError:
            if not self._give_up_lost():
                raise
            return tuple(self.engine.table(sql).to_pylist())

    def _give_up_lost(self) -> bool:
        """Read the tables themselves again where a copy is gone, as those of an older version go; whether one was."""
        places = by_person.copies(self.store, self.version)
        lost = [table for table in self.in_order if not places[table].is_file()]
        for table in lost:
            _show_sorted(self.engine, table, self.store.input(self.version, table))
            self.in_order.discard(table)
        return bool(lost)

    def keep(self, key: str, work_out: Callable[[], T]) -> T:
        """A version never changes, so what was worked out of it is kept for as long as it is the newest.

        Whoever keeps something by another key than its question asks the lake first whether the scope lets it through.
        """
        if (known := self._known(key)) is not None:
            return cast("T", known)
        found = work_out()
        with self.shelf:
            while len(self.answers) >= KEPT_ANSWERS:
                del self.answers[next(iter(self.answers))]
            self.answers[key] = found
        return found

    def _known(self, key: str) -> Any:
        """What is asked for moves to the end, so that what goes is what nobody has asked for the longest time."""
        with self.shelf:
            if key in self.answers:
                self.answers[key] = self.answers.pop(key)
            return self.answers.get(key)


_open: dict[tuple[str, int], Lake] = {}
_opening = Lock()


def lake() -> Lake:
    """The newest version of the store; the one before it is given up when a newer one has come."""
    store = the_store()
    # The lists of versions are read by number, so that a request costs one look at a folder.
    number = store.numbers()[-1] if not _open else _newest(store)
    key = (str(store.path), number)
    before = next((kept for (path, _), kept in list(_open.items()) if path == key[0]), None)
    # Opening takes seconds. While one request does it, the others go on with the version before.
    if key in _open or not _opening.acquire(blocking=before is None):
        return _open.get(key) or before or lake()
    try:
        if key not in _open:
            opened = _opened(store, store.version(number))
            for other in [other for other in _open if other != key]:
                del _open[other]
            _open[key] = opened
        return _open[key]
    finally:
        _opening.release()


def _show_sorted(engine: DuckDBEngine, table: str, rows: Input) -> None:
    if table == "finding":
        show_ranking(engine, "sorted_finding", rows)
    else:
        engine.register(f"sorted_{table}", rows)


def _newest(store: Store) -> int:
    return max(int(path.stem) for path in (store.path / "versions").glob("[0-9]*.json"))


def _opened(store: Store, version: Version) -> Lake:
    engine = DuckDBEngine(EngineOptions(memory="2GB", folders=(store.path / "tables", by_person.folder(store))))
    for name in (*STORED, *insured.STORED, *care.STORED):
        engine.register(f"stored_{name}", store.input(version, name))
    for name in by_person.TABLES:
        _show_sorted(engine, name, store.input(version, name))
    engine.materialise("area", AREA)
    engine.materialise("office", OFFICE)
    engine.register("violation", _table(("violation", "branch"), ((v.id, v.branch) for v in violations().values())))
    show_ranking(engine, "stored_finding", store.input(version, "finding"))
    engine.materialise(f"{WHOLE}reason", REASON)
    engine.materialise(f"{WHOLE}unit", UNIT)
    engine.materialise("finding_unit", FINDING_UNIT)
    engine.register_view(f"{WHOLE}finding", FINDING)
    engine.register_view(f"{WHOLE}worker", WORKER)
    engine.register_view(f"{WHOLE}worker_name", WORKER_NAME)
    engine.register_view(f"{WHOLE}tie", TIE)
    for name, query in care.WHOLE_RELATIONS.items():
        engine.register_view(name, query)
    engine.materialise("unit_name", UNIT_NAME)
    engine.register_view(f"{WHOLE}due", DUE)
    engine.register_view(f"{WHOLE}paid", PAID)
    hidden = _hidden(store, version)
    engine.register(
        "hidden_unit", _table(("subject_kind", "subject_code", "hidden"), ((*k, v) for k, v in hidden.items()))
    )
    return Lake(store, version, engine, hidden)


def _hidden(store: Store, version: Version) -> dict[tuple[str, str], str]:
    """Units which are not to be visited now, with the reason, in the latest month."""
    months = scanned_months(version)
    if not months:
        return {}
    with looking(store, months[-1]) as (engine, sight):
        return {
            (kind, code): why
            for kind in UNIT_KINDS
            for code, why in hidden_subjects(engine, sight, store, version, kind).items()
        }


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})


OFFICE = """
    SELECT org_code, arg_max(name_vi, valid_from) AS name, arg_max(level, valid_from) AS level,
           arg_max(parent_org_code, valid_from) AS parent
    FROM stored_vss_org_unit WHERE superseded_at IS NULL GROUP BY org_code"""

# One row a warning and violation. Points of a warning are added up before they are rounded, so those of its parts may
# differ from them by one or two: who sees all parts is told the whole.
REASON = """
    SELECT w.as_of, w.subject_kind, w.subject_id, w.subject_code, w.area_code, w.org_code, w.block_code, a.province,
           a.former_province, v.branch, r.*, r.arrears + r.undue_benefit + r.refused_cost AS recoverable,
           w.points AS warning_points, w.violations AS warning_violations
    FROM (SELECT *, unnest(from_json(reasons, '[{"violation":"VARCHAR","points":"INTEGER","findings":"INTEGER",
            "signs":"INTEGER","months":"INTEGER","period_from":"DATE","period_to":"DATE","arrears":"BIGINT",
            "undue_benefit":"BIGINT","refused_cost":"BIGINT","exposure":"BIGINT"}]')) AS r FROM stored_warning) AS w
    LEFT JOIN violation AS v ON v.violation = w.r.violation
    LEFT JOIN area AS a USING (area_code)"""

# Every unit there is, warned of or not: what shares are counted of.
UNIT = """
    SELECT 'employer' AS subject_kind, e.employer_id AS subject_id, e.block_code, e.org_code, e.status,
           a.province, a.former_province
    FROM stored_employer AS e LEFT JOIN area AS a ON a.area_code = e.admin_code WHERE e.superseded_at IS NULL
    UNION ALL
    SELECT 'facility', f.facility_id, NULL, NULL, NULL, a.province, a.former_province
    FROM stored_facility AS f LEFT JOIN area AS a ON a.area_code = f.admin_code WHERE f.superseded_at IS NULL"""

# The names, also former ones, of the units which lists are made of, as `plain` makes them.
UNIT_NAME = f"""
    SELECT DISTINCT n.subject_kind, n.subject_id, {plain("n.name_vi")} AS name
    FROM (
      SELECT 'employer' AS subject_kind, employer_id AS subject_id, name_vi FROM stored_employer_identity
      UNION ALL
      SELECT 'facility', facility_id, name_vi FROM stored_facility) AS n
    SEMI JOIN {WHOLE}reason AS r ON r.subject_kind = n.subject_kind AND r.subject_id = n.subject_id"""

# A finding lies where the unit lies which it weighs on: those who check an employer see what was found on its workers,
# wherever these live. What weighs on no unit is not shown here.
_ROLLED = "\n".join(
    f"""
    UNION ALL
    SELECT as_of, finding_id, '{kind}', json_extract_string(facts, '$.{fact}')
    FROM stored_finding WHERE subject_kind IN ({listed(ROLLED_FROM)})
      AND json_extract_string(facts, '$.{fact}') IS NOT NULL"""
    for kind, fact in ROLLED_TO.items()
)
FINDING_UNIT = f"""
    WITH borne AS (
      SELECT as_of, finding_id, subject_kind AS unit_kind, subject_code AS unit_code
      FROM stored_finding WHERE subject_kind IN ({listed(UNIT_KINDS)}) {_ROLLED}),
    placed AS (
      SELECT as_of, subject_kind AS unit_kind, subject_code AS unit_code, any_value(province) AS province,
             any_value(former_province) AS former_province, any_value(org_code) AS org_code
      FROM {WHOLE}reason GROUP BY ALL)
    SELECT b.*, p.province, p.former_province, p.org_code
    FROM borne AS b JOIN placed AS p USING (as_of, unit_kind, unit_code)"""

FINDING = """
    SELECT f.* EXCLUDE (org_code), u.unit_kind, u.unit_code, u.province, u.former_province, u.org_code
    FROM sorted_finding AS f JOIN finding_unit AS u ON u.as_of = f.as_of AND u.finding_id = f.finding_id"""

_BRANCH_OF_FUND = "CASE {fund} WHEN 'hi' THEN 'health' WHEN 'ui' THEN 'unemployment' ELSE 'social' END"
_OF_EMPLOYER = f"""
    JOIN {WHOLE}unit AS u ON u.subject_kind = 'employer' AND u.subject_id = t.employer_id
    WHERE t.superseded_at IS NULL"""
DUE = f"""
    SELECT t.*, {_BRANCH_OF_FUND.format(fund="t.fund")} AS branch, u.province, u.former_province, u.org_code
    FROM stored_contribution_due AS t {_OF_EMPLOYER}"""
PAID = f"""
    SELECT t.*, {_BRANCH_OF_FUND.format(fund="t.allocated_fund")} AS branch, u.province, u.former_province, u.org_code
    FROM stored_contribution_payment AS t {_OF_EMPLOYER}"""
# One row a worker, month and branch he is insured in.
WORKER = f"""
    SELECT t.person_id, t.employer_id, t.month, t.scheme, t.wage_base, t.month_status, t.is_paid, b.branch,
           u.province, u.former_province, u.org_code
    FROM stored_contribution_month AS t
    CROSS JOIN (VALUES ('social'), ('unemployment'), ('health')) AS b(branch) {_OF_EMPLOYER}
      AND CASE b.branch WHEN 'social' THEN t.si_flag OR t.oad_flag WHEN 'health' THEN t.hi_flag ELSE t.ui_flag END"""
WORKER_NAME = f"""
    SELECT w.*, k.code AS number, i.full_name
    FROM (SELECT DISTINCT person_id, employer_id, branch, province, former_province, org_code FROM {WHOLE}worker) AS w
    JOIN stored_key_person AS k ON k.id = w.person_id
    LEFT JOIN sorted_person_identity AS i ON i.person_id = w.person_id AND i.superseded_at IS NULL"""
# What an employer has which others may have too. The key is for comparing, never for showing.
TIE = f"""
    SELECT t.*, u.province, u.former_province, u.org_code
    FROM (
      SELECT employer_id, 'representative' AS kind, CAST(person_id AS VARCHAR) AS key
      FROM stored_employer_representative WHERE superseded_at IS NULL
      UNION
      SELECT employer_id, 'representative', CAST(legal_rep_person_id AS VARCHAR)
      FROM stored_employer WHERE superseded_at IS NULL
      UNION
      SELECT employer_id, 'phone', CAST(phone_id AS VARCHAR) FROM stored_employer WHERE superseded_at IS NULL
      UNION
      SELECT employer_id, 'address', address_norm FROM stored_employer_identity WHERE superseded_at IS NULL
      UNION
      SELECT employer_id, 'account', CAST(bank_account_id AS VARCHAR)
      FROM stored_employer_bank_account WHERE superseded_at IS NULL
      UNION
      SELECT e.employer_id, 'owner', CAST(b.owner_person_id AS VARCHAR)
      FROM stored_ext_business AS b
      JOIN stored_employer AS e ON e.tax_id = b.tax_id AND e.superseded_at IS NULL WHERE b.superseded_at IS NULL
      UNION
      SELECT employer_id, 'agent', CAST(agent_id AS VARCHAR) FROM stored_si_declaration WHERE superseded_at IS NULL
    ) AS t
    JOIN {WHOLE}unit AS u ON u.subject_kind = 'employer' AND u.subject_id = t.employer_id
    WHERE t.key IS NOT NULL AND t.key <> ''"""
