"""Which findings of a sign stand after each cause between two scans, found by running it again where it must be.

What a cause did is the difference of two runs which differ in it alone. Where nothing of a kind changed, the findings
before and after are the same, and nothing is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.reach import definition, reach
from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.base import Engine
from dauhieu.errors import DauhieuError
from dauhieu.findings.stored import finding_files
from dauhieu.law.change import came_into_force, held
from dauhieu.law.law import Law
from dauhieu.studies.corrections import Corrections
from dauhieu.studies.running import Ground, Moment, run_signs
from dauhieu.studies.scans import MonthScanned, SignScanned
from dauhieu.studies.waterfall import CAUSES

# Where findings come from: the stored ones of both ends, those of a run again, none.
FROM, TO, NONE = "from", "to", ""
AGAIN, KNOWN, UNTUNED, HELD = "again", "known", "untuned", "held"
Tell = Callable[[str, float], None]


@dataclass
class Chains:
    """`after` tells for each sign the source of its findings at the start and after each cause but the last."""

    files: dict[tuple[str, str], tuple[Path, ...]] = field(default_factory=dict)
    after: dict[str, tuple[str, ...]] = field(default_factory=dict)
    details: dict[str, dict[str, str]] = field(default_factory=lambda: {cause: {} for cause in CAUSES})


@dataclass
class _Wanted:
    """The runs one sign needs, by source."""

    sign: str
    again: bool = False
    law_only: bool = False
    known: bool = False
    tuned: bool = False
    held: bool = False


@dataclass
class Chaining:
    """Compares the signs of two scanned months; `bench` is of the later one and compiles alone."""

    ground: Ground
    law: Law
    engine: Engine
    bench: Workbench
    earlier: MonthScanned
    later: MonthScanned
    tell: Tell
    chains: Chains = field(default_factory=Chains)
    _corrections: dict[tuple[Moment, Moment], Corrections] = field(default_factory=dict)

    def chain(self, signs: Iterable[str]) -> Chains:
        both: list[_Wanted] = []
        for sign in sorted(signs):
            before, now = self.earlier.signs.get(sign), self.later.signs.get(sign)
            self._stored(sign)
            if before and now and before.ran and now.ran:
                wanted = self._wanted(sign, before, now)
                both += [wanted] if wanted else []
            else:
                self._scope(sign, before, now)
        self._run_again(both)
        for wanted in both:
            self._link(wanted)
        return self.chains

    def _stored(self, sign: str) -> None:
        store = self.ground.store
        for source, month in ((FROM, self.earlier), (TO, self.later)):
            self.chains.files[source, sign] = finding_files(store, store.version(), month.moment.as_of, [sign])

    def _scope(self, sign: str, before: SignScanned | None, now: SignScanned | None) -> None:
        self.chains.after[sign] = (FROM, *[TO] * (len(CAUSES) - 1))
        if self.chains.files[FROM, sign] or self.chains.files[TO, sign]:
            months = ((self.earlier, before), (self.later, now))
            told = [f"{month.moment.as_of:%Y-%m}: {_state(scanned)}" for month, scanned in months]
            self.chains.details["scope"][sign] = "; ".join(told)

    def _unseparated(self, sign: str, why: str) -> None:
        known = list(CAUSES).index("unseparated")
        self.chains.after[sign] = (*[FROM] * (known + 1), *[TO] * (len(CAUSES) - 1 - known))
        self.chains.details["unseparated"][sign] = why

    def _wanted(self, sign: str, before: SignScanned, now: SignScanned) -> _Wanted | None:
        """What must be run again; None if that cannot be told."""
        found = self.bench.catalogue.signs.get(sign)
        if found is None:
            self._unseparated(sign, "its file is gone")
            return None
        try:
            made, reached = definition(self.bench, found), reach(self.bench, found)
            if now.made_digest != made.made or now.law_digest != made.law:
                self._unseparated(sign, f"it has changed since the scan of {now.moment.as_of:%Y-%m}; scan it again")
                return None
            wanted = _Wanted(sign)
            wanted.law_only = before.made_digest == made.made
            wanted.again = not wanted.law_only or before.law_digest != made.law
            changed = self._between(before.moment, now.moment).among(reached.tables, reached.history)
        except DauhieuError as error:
            self._unseparated(sign, str(error))
            return None
        if wanted.again:
            cause = "law_written" if wanted.law_only else "sign"
            self.chains.details[cause][sign] = self._title(found)
        wanted.known = bool(changed)
        if changed:
            self.chains.details["corrected"][sign] = ", ".join(sorted(changed))
        tuned = self._tuned(reached.signs)
        wanted.tuned = bool(tuned)
        if tuned:
            self.chains.details["thresholds"][sign] = ", ".join(tuned)
        came = came_into_force(self.law, reached.parameters, before.moment.as_of, now.moment.as_of)
        wanted.held = bool(came)
        if came:
            self.chains.details["law"][sign] = ", ".join(came)
        return wanted

    def _tuned(self, signs: Iterable[str]) -> list[str]:
        """The thresholds which the agency has set for the later month otherwise than for the earlier."""
        earlier, later = self.earlier.moment.as_of, self.later.moment.as_of
        tuning = [item for sign in sorted(signs) for item in self.bench.catalogue.signs[sign].tuning.items()]
        return [name for name, one in tuning if one.at(earlier) != one.at(later)]

    def _title(self, sign: Sign) -> str:
        return f"{sign.title.vi} / {sign.title.en}"

    def _between(self, before: Moment, now: Moment) -> Corrections:
        if (before, now) not in self._corrections:
            self._corrections[before, now] = Corrections(self.engine, self.ground.store, before, now)
        return self._corrections[before, now]

    def _run_again(self, both: Iterable[_Wanted]) -> None:
        """One run for all signs of the same source, data and law."""
        runs: dict[tuple[str, Moment], list[str]] = {}
        for wanted in both:
            before, now = self.earlier.signs[wanted.sign].moment, self.later.signs[wanted.sign].moment
            if wanted.again:
                runs.setdefault((AGAIN, before), []).append(wanted.sign)
            if wanted.known:
                seen = Moment(before.as_of, now.version, now.known_at)
                runs.setdefault((KNOWN, seen), []).append(wanted.sign)
            if wanted.tuned:
                runs.setdefault((UNTUNED, now), []).append(wanted.sign)
            if wanted.held:
                runs.setdefault((HELD, now), []).append(wanted.sign)
        for number, ((source, moment), signs) in enumerate(sorted(runs.items(), key=str)):
            self.tell(f"{moment.as_of:%Y-%m} ({len(signs)})", number / len(runs))
            day = self.earlier.moment.as_of
            law = held(self.law, day) if source in (UNTUNED, HELD) else self.law
            ground = replace(self.ground, catalogue=_as_tuned(self.ground.catalogue, day))
            results = run_signs(ground if source == UNTUNED else self.ground, law, moment, signs)
            for sign in signs:
                result = results[sign]
                if result.file:
                    self.chains.files[source, sign] = (result.file,)
                else:
                    self._unseparated(sign, result.reason)

    def _link(self, wanted: _Wanted) -> None:
        if wanted.sign in self.chains.after:
            return  # a run it needs has failed
        again = AGAIN if wanted.again else FROM
        known = KNOWN if wanted.known else again
        tuned = HELD if wanted.held else TO
        after = {
            "start": FROM,
            "scope": FROM,
            "sign": FROM if wanted.law_only else again,
            "law_written": again,
            "corrected": known,
            "new_data": UNTUNED if wanted.tuned else tuned,
            "thresholds": tuned,
            "law": TO,
            "unseparated": TO,
            "excepted": TO,
        }
        self.chains.after[wanted.sign] = tuple(after.values())


def _as_tuned(catalogue: Catalogue, day: date) -> Catalogue:
    """The catalogue with the thresholds of a day, whatever month is run."""
    signs = {
        name: replace(
            sign, tuning={word: replace(one, value=one.at(day), local=None) for word, one in sign.tuning.items()}
        )
        for name, sign in catalogue.signs.items()
    }
    return replace(catalogue, signs=signs)


def _state(scanned: SignScanned | None) -> str:
    if scanned is None:
        return "not asked for"
    if scanned.ran:
        return "run"
    return scanned.state.replace("_", " ") + (f" ({scanned.reason})" if scanned.reason else "")
