"""The radar of law: which signs read a value that is to change, and what they would find under it.

The data is that of the latest scan: the value to come is taken to hold from the first day of the month scanned, so
that findings of earlier months change only where a value of the past is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dauhieu.compiler.reach import definition, reach
from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.base import Engine
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import DauhieuError
from dauhieu.findings.stored import finding_files, findings_input
from dauhieu.law.change import Change, changed, read_change
from dauhieu.law.law import Law
from dauhieu.scoring.rank import latest_scanned
from dauhieu.studies.chain import Tell
from dauhieu.studies.running import Ground, Moment, run_signs, sight_at
from dauhieu.studies.scans import MonthScanned, month_scanned
from dauhieu.studies.waterfall import Measure


@dataclass(frozen=True, slots=True)
class SignDiff:
    """One sign without and with the change; `changed` are findings which stay with another amount."""

    sign: str
    title: Mapping[str, str]
    parameters: tuple[str, ...]
    before: Measure
    after: Measure
    gained: int
    lost: int
    changed: int

    def as_json(self) -> dict[str, object]:
        return {
            "sign": self.sign,
            "title": self.title,
            "parameters": self.parameters,
            **{
                f"{name}_{when}": getattr(measure, name)
                for name in ("findings", "subjects", "money")
                for when, measure in (("before", self.before), ("after", self.after))
            },
            "gained": self.gained,
            "lost": self.lost,
            "changed": self.changed,
        }


@dataclass(frozen=True)
class LawDiff:
    """What a change of the law does; `unjudged` are signs of which it cannot be told, with the reason.

    `alike` are parameters which have the value a change replaces, and are not changed: one decree may change them all.
    """

    as_of: date
    moment: Moment
    changes: tuple[Change, ...]
    signs: tuple[SignDiff, ...]
    unjudged: Mapping[str, str]
    alike: tuple[str, ...] = ()

    @property
    def assumptions(self) -> tuple[tuple[str, str], ...]:
        """What the answer rests on, in Vietnamese and English."""
        first = self.as_of.replace(day=1)
        told = [
            (
                f"Dữ liệu là của lượt quét tháng {first:%m/%Y}; không đoán dữ liệu về sau.",
                f"The data is that of the scan of {first:%Y-%m}; later data is not guessed at.",
            )
        ]
        for change in self.changes:
            if change.day > first:
                told.append(
                    (
                        f"{change.name}: giá trị có hiệu lực từ {change.day:%d/%m/%Y} được coi như đã áp dụng từ "
                        f"{first:%d/%m/%Y}.",
                        f"{change.name}: the value of {change.day} is taken to hold from {first} on.",
                    )
                )
            else:
                told.append(
                    (
                        f"{change.name}: coi như giá trị đã áp dụng từ {change.day:%d/%m/%Y} đến lần thay đổi sau.",
                        f"{change.name}: the value is taken to have held from {change.day} to the next known change.",
                    )
                )
            if change.slip:
                told.append(
                    (
                        f"{change.name}: {change.value} khác xa {change.before}; hãy kiểm tra đơn vị.",
                        f"{change.name}: {change.value} is far from {change.before}; check the unit.",
                    )
                )
        if self.alike:
            names = ", ".join(self.alike)
            told.append(
                (
                    f"Giá trị này còn ở {names}, không được đổi theo.",
                    f"The value also stands in {names}, not changed here.",
                )
            )
        return tuple(told)

    def as_json(self) -> dict[str, object]:
        return {
            "as_of": str(self.as_of),
            "store_version": self.moment.version,
            "known_at": self.moment.known_at.isoformat() if self.moment.known_at else None,
            "set": [
                {
                    "name": change.name,
                    "key": list(change.key),
                    "from": str(change.day),
                    "before": change.before,
                    "after": change.value,
                }
                for change in self.changes
            ],
            "assumptions": [{"vi": vi, "en": en} for vi, en in self.assumptions],
            "signs": [one.as_json() for one in self.signs],
            "unjudged": self.unjudged,
        }


def law_diff(
    ground: Ground,
    law: Law,
    texts: Sequence[str],
    as_of: date | None = None,
    tell: Tell = lambda what, done: None,
    signs: Sequence[str] = (),
) -> LawDiff:
    """Run those of the signs (all if none is named) which read the parameters with and without the changes; the store
    is only read.
    """
    changes = tuple(read_change(law, text) for text in texts)
    store = ground.store
    version = store.version()
    month = as_of or latest_scanned(version)
    new = changed(law, changes, month.replace(day=1))
    with DuckDBEngine(ground.options(ground.work)) as engine:
        scanned = month_scanned(engine, store, version, month)
        bench = Workbench(sight_at(ground, law, engine, scanned.moment), ground.catalogue, law)
        reading, unjudged = _reading(bench, {change.name for change in changes}, signs)
        tell("before", 0.1)
        files = _before(ground, law, bench, scanned, reading, unjudged)
        tell("after", 0.5)
        after = run_signs(ground, new, scanned.moment, files)
        compared = []
        for sign, before in files.items():
            result = after[sign]
            if result.file is None:
                unjudged[sign] = result.reason
                continue
            engine.register("before_change", findings_input(store, before))
            engine.register("after_change", findings_input(store, [result.file]))
            title = {"vi": result.sign.title.vi, "en": result.sign.title.en}
            compared.append(_compared(engine, sign, title, reading[sign]))
    compared.sort(key=lambda one: (-one.gained - one.lost - one.changed, one.sign))
    told = dict(sorted(unjudged.items()))
    return LawDiff(month, scanned.moment, changes, tuple(compared), told, _alike(law, changes))


def _alike(law: Law, changes: Sequence[Change]) -> tuple[str, ...]:
    """Amounts of money which are the same by their origin; equal rates and counts are mostly chance."""
    named = {change.name for change in changes}
    values = {(change.before, change.day) for change in changes if law.parameters[change.name].type == "vnd"}
    others = [one for name, one in law.parameters.items() if name not in named and one.type == "vnd"]
    return tuple(
        sorted(
            one.name
            for one in others
            if any((span := one.span(day)) and before in span.values.values() for before, day in values)
        )
    )


def _reading(
    bench: Workbench, names: Iterable[str], signs: Sequence[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Signs which are asked about and which reach one of the parameters; and those of which that cannot be told."""
    wanted = frozenset(names)
    reading: dict[str, tuple[str, ...]] = {}
    unjudged: dict[str, str] = (
        {} if signs else {file.name: "its file cannot be read" for file in bench.catalogue.broken}
    )
    for sign in bench.catalogue.chosen(signs):
        try:
            found = reach(bench, sign).parameters & wanted
        except DauhieuError as error:
            unjudged[sign.id] = str(error)
            continue
        if found:
            reading[sign.id] = tuple(sorted(found))
    return reading, unjudged


def _before(
    ground: Ground,
    law: Law,
    bench: Workbench,
    scanned: MonthScanned,
    reading: Iterable[str],
    unjudged: dict[str, str],
) -> dict[str, tuple[Path, ...]]:
    """The findings under the law as it is: those stored where the sign and its data are still the same, else a run."""
    files: dict[str, tuple[Path, ...]] = {}
    again: list[str] = []
    for sign in reading:
        kept = scanned.signs.get(sign)
        made = definition(bench, bench.catalogue.signs[sign])
        same = kept and kept.ran and kept.moment == scanned.moment and kept.law_digest == made.law
        if same and kept and kept.made_digest == made.made:
            files[sign] = finding_files(ground.store, ground.store.version(), scanned.moment.as_of, [sign])
        else:
            again.append(sign)
    results = run_signs(ground, law, scanned.moment, again)
    for sign in again:
        result = results[sign]
        if result.file:
            files[sign] = (result.file,)
        else:
            unjudged[sign] = result.reason
    return files


def _compared(engine: Engine, sign: str, title: Mapping[str, str], parameters: tuple[str, ...]) -> SignDiff:
    ends = [
        Measure(*(int(str(value)) for value in row))
        for row in (
            engine.rows(f"SELECT count(*), count(DISTINCT subject_code), coalesce(sum(amount), 0) FROM {relation}")[0]
            for relation in ("before_change", "after_change")
        )
    ]
    counts = engine.rows(
        "SELECT count(*) FILTER (b.finding_id IS NULL), count(*) FILTER (a.finding_id IS NULL), "
        "count(*) FILTER (a.finding_id = b.finding_id AND a.amount IS DISTINCT FROM b.amount) "
        "FROM before_change AS b FULL JOIN after_change AS a ON a.finding_id = b.finding_id"
    )[0]
    gained, lost, moved = (int(str(value)) for value in counts)
    return SignDiff(sign, title, parameters, ends[0], ends[1], gained, lost, moved)
