"""The ladder which a sign climbs: schema, lint, columns, compile, examples, lock. `dauhieu check` is this."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import TypeVar

from dauhieu.catalogue.catalogue import Catalogue, examples_path, read_sign_examples
from dauhieu.catalogue.example import Example
from dauhieu.catalogue.lock import lock_faults, lock_path, read_lock
from dauhieu.catalogue.record import read_record
from dauhieu.catalogue.sign import BROKEN, OPTIONAL_OUTPUT, RUNNING, Sign
from dauhieu.compiler.compile import Compiled
from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.base import Engine
from dauhieu.errors import DauhieuError, Fault, SignError
from dauhieu.findings.explain import ALWAYS, FORMATS, named_facts
from dauhieu.law.law import Law
from dauhieu.proof.crew import processes, spread
from dauhieu.proof.examples import ExampleRunner
from dauhieu.proof.exceptions import exception_faults
from dauhieu.proof.mutation import MutationScore, mutation_score
from dauhieu.warehouse.contract import Contract, Text
from dauhieu.yamlfile import suggestion

FIRES_AT_LEAST, SILENT_AT_LEAST = 2, 3
# A sign is a reason to look, never a verdict.
VERDICTS = re.compile(r"\b(fraud\w*|gian lận|lừa đảo|tội phạm)\b", re.IGNORECASE)
# Ids which are text, or the subject itself.
TEXT_IDS = ("subject_id", "sign_id", "finding_id", "violation_id")
Tell = Callable[[str], None]
Result = TypeVar("Result")
Task = TypeVar("Task")
EVIDENCE_NAMES = ("subject_id", "subject_code", "item", "period_from", "period_to")


@dataclass(frozen=True, slots=True)
class Crew:
    """How many processes climb, and how each of them opens an engine of its own."""

    jobs: int
    open_engine: Callable[[], Engine]


@dataclass(frozen=True, slots=True)
class Report:
    """What the climb showed; `broken` are the signs which cannot be read, compiled or run, with the reason."""

    signs: int
    violations: int
    examples: int
    failures: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    status: dict[str, int]
    branch: dict[str, int]
    subject: dict[str, int]
    broken: dict[str, str]

    def as_json(self) -> dict[str, object]:
        """Counts by name; `failures` is their number, `faults` the places, `notes` what waits for a decision."""
        return {
            "signs": self.signs,
            "violations": self.violations,
            "examples": self.examples,
            "failures": len(self.failures),
            "status": self.status,
            "branch": self.branch,
            "subject": self.subject,
            "broken": self.broken,
            "faults": [_placed(fault) for fault in self.failures],
            "notes": [_placed(note) for note in self.notes],
        }


def _placed(fault: Fault) -> dict[str, object]:
    return {"path": str(fault.path), "line": fault.line, "message": fault.message}


@dataclass(frozen=True, slots=True)
class Climbed:
    """What one sign showed; `broken` says why it cannot be compiled or run."""

    sign: Sign
    examples: int = 0
    faults: tuple[Fault, ...] = ()
    broken: str | None = None


@dataclass(frozen=True)
class Ladder:
    """Everything the steps need."""

    engine: Engine
    contract: Contract
    catalogue: Catalogue
    law: Law

    @cached_property
    def runner(self) -> ExampleRunner:
        return ExampleRunner(self.engine, self.contract, self.catalogue, self.law)

    def climb(
        self,
        ids: Iterable[str] = (),
        tell: Tell = lambda _: None,
        failed: Mapping[str, str] | None = None,
        crew: Crew | None = None,
    ) -> Report:
        """Check the named signs, or all; `tell` hears each sign's id when it is done.

        `failed` are the signs whose last run failed, with the reason; a `crew` checks signs beside each other.
        """
        wanted = set(ids)
        signs = [sign for sign in self.catalogue.signs.values() if not wanted or sign.id in wanted]
        if wanted:
            self.catalogue.chosen(wanted)
        failures = list(self.catalogue.faults)
        last_change = max(day for name in self.law.parameters for day in self.law.changes(name))
        bench = self.runner.empty_bench(last_change)
        for name in self.catalogue.views:
            try:
                bench.describe(name)
            except DauhieuError as error:
                failures += error.faults
        failures += self._lock_faults(wanted)
        unreadable = {} if wanted else {file.name: file.faults[0].message for file in self.catalogue.broken}
        broken = unreadable | {name: reason for name, reason in (failed or {}).items() if not wanted or name in wanted}
        if not wanted:
            failures += exception_faults(self.runner, self.catalogue, last_change)
        examples = 0
        for climbed in self.each(Ladder.examine, [sign.id for sign in signs], crew):
            tell(climbed.sign.id)
            examples += climbed.examples
            failures += climbed.faults
            if climbed.broken:
                broken[climbed.sign.id] = climbed.broken
        statuses = Counter(BROKEN if sign.id in broken else sign.status for sign in signs)
        statuses.update(BROKEN for _ in unreadable)
        return Report(
            signs=len(signs) + len(unreadable),
            violations=len({sign.violation for sign in signs}),
            examples=examples,
            failures=tuple(failures),
            notes=self.catalogue.notes,
            status=dict(sorted(statuses.items())),
            branch=dict(sorted(Counter(sign.branch for sign in signs).items())),
            subject=dict(sorted(Counter(sign.subject for sign in signs).items())),
            broken=dict(sorted(broken.items())),
        )

    def each(
        self, step: Callable[[Ladder, Task], Result], tasks: Sequence[Task], crew: Crew | None = None
    ) -> Iterator[Result]:
        """A step of the ladder for each task (most often the id of a sign), in their order."""
        many = processes(crew.jobs, len(tasks)) if crew else 1
        if crew is None or many == 1:
            return (step(self, task) for task in tasks)
        return spread(partial(_ladder, crew, self.contract, self.catalogue, self.law), step, tasks, many)

    def examine(self, sign_id: str) -> Climbed:
        """Everything the ladder can say of one sign alone."""
        sign = self.catalogue.signs[sign_id]
        try:
            drawn = read_sign_examples(sign, self.contract)
        except DauhieuError as error:
            return Climbed(sign, faults=error.faults)
        faults: list[Fault] = []
        try:
            for fault in self._sign_faults(sign, drawn):
                faults.append(fault)
        except DauhieuError as error:
            return Climbed(sign, len(drawn), (*faults, *error.faults), error.faults[0].message)
        return Climbed(sign, len(drawn), tuple(faults))

    def _lock_faults(self, wanted: set[str]) -> Iterator[Fault]:
        """What was released stays what it was, in the shipped catalogue and in that of the site."""
        for site in (None, self.catalogue.site) if self.catalogue.site else (None,):
            path = lock_path(site)
            try:
                lines = read_lock(path)
            except DauhieuError as error:
                yield from error.faults
                continue
            chosen = {name: line for name, line in lines.items() if not wanted or name in wanted}
            yield from lock_faults(self.catalogue, path, chosen)

    def _status_faults(self, sign: Sign) -> Iterator[Fault]:
        """A status says what a sign has shown, and what it rests on must be run too."""
        if sign.status == "stable" and not any(
            one.to == "stable" for one in read_record(sign.id, sign.path).promotions
        ):
            message = "Nothing shows why the sign is stable. Make it 'test', then 'dauhieu sign promote'."
            yield Fault(sign.path, sign.line("status"), message)
        for other in sign.needs.signs if sign.status in RUNNING else ():
            status = self.catalogue.signs[other].status
            if status not in RUNNING:
                yield Fault(sign.path, sign.line("needs"), f"It needs sign '{other}', which is {status} and not run.")

    def weaken(self, sign_id: str) -> MutationScore:
        """The mutation score of one sign."""
        sign = self.catalogue.signs[sign_id]
        return mutation_score(sign, read_sign_examples(sign, self.contract), self.runner)

    def _counted_faults(self, sign: Sign) -> Iterator[Fault]:
        """A compound sign counts only findings on its own subject, or on those whose findings roll up to it."""
        for other in sign.needs.signs if sign.counts else ():
            subject = self.catalogue.signs[other].subject
            if subject not in sign.counts:
                message = f"It counts '{other}', whose findings are on '{subject}' and never on its own subject."
                yield Fault(sign.path, sign.line("compound"), message)

    def _sign_faults(self, sign: Sign, drawn: tuple[Example, ...]) -> Iterator[Fault]:
        if sign.status == "retired":
            # It is not run any more; the lock keeps its text.
            return
        yield from self._status_faults(sign)
        yield from self._counted_faults(sign)
        yield from _text_faults(sign)
        yield from _count_faults(sign, drawn)
        if not drawn:
            return
        last = max(drawn, key=lambda example: example.as_of)
        bench = self.runner.empty_bench(last.as_of)
        _compile_both(bench, sign)
        # Examples stand on both sides of the shipped thresholds.
        sign = sign.as_shipped()
        compiled = bench.compile(sign)
        evidence = bench.compile_evidence(sign, dict.fromkeys(EVIDENCE_NAMES))
        yield from self._id_faults(sign, (*compiled.columns, *evidence.columns))
        yield from self._item_faults(sign, compiled)
        yield from _explain_faults(sign, compiled)
        yield from _needs_faults(sign, compiled, bench)
        yield from self._law_date_faults(sign, drawn, compiled)
        for example in drawn:
            yield from self.runner.faults(sign, example)

    def _id_faults(self, sign: Sign, columns: Iterable[str]) -> Iterator[Fault]:
        """Ids mean nothing outside their store: the name of each tells its kind, so that it can be shown as a code."""
        for name in dict.fromkeys(columns):
            if name.endswith("_id") and name not in TEXT_IDS and self.contract.kind_of(name) is None:
                kinds = suggestion(name.removesuffix("_id"), self.contract.kinds)
                yield Fault(
                    sign.path, sign.line("sql"), f"The name '{name}' tells no kind of id. Call it <kind>_id.{kinds}"
                )

    def _item_faults(self, sign: Sign, compiled: Compiled) -> Iterator[Fault]:
        """An item which is an id is shown as a code only where the sign tells its kind."""
        kind = self.contract.kind_of(compiled.item_from or "")
        if kind and not sign.item_kind:
            message = f"The item is '{compiled.item_from}', an id. Add the line 'item_kind: {kind}' under 'subject'."
            yield Fault(sign.path, sign.line("sql"), message)

    def _law_date_faults(self, sign: Sign, drawn: tuple[Example, ...], compiled: Compiled) -> Iterator[Fault]:
        """Each date at which the law the sign reads changes, inside the time its examples cover, has both sides."""
        days = sorted({day for example in drawn for day in _days(example)})
        first, last = max(days[0], sign.applies_from or date.min), min(days[-1], sign.applies_to or date.max)
        for name in sorted(compiled.parameters):
            for change in self.law.changes(name):
                if first < change <= last and change > date(2024, 11, 1):
                    before = any(day < change for day in days)
                    after = any(day >= change for day in days)
                    if not (before and after):
                        message = f"'{name}' changes on {change}: an example on each side is missing."
                        yield Fault(examples_path(sign.path), 1, message)


def _compile_both(bench: Workbench, sign: Sign) -> None:
    """The faults of the SELECT and of the evidence are told together."""
    faults: list[Fault] = []
    for compiling in (bench.compile, partial(bench.compile_evidence, bindings=dict.fromkeys(EVIDENCE_NAMES))):
        try:
            compiling(sign)
        except SignError as error:
            faults += error.faults
    if faults:
        raise SignError(faults=faults)


def _ladder(crew: Crew, contract: Contract, catalogue: Catalogue, law: Law) -> Ladder:
    """The ladder of one more process."""
    return Ladder(crew.open_engine(), contract, catalogue, law)


def _texts(sign: Sign) -> Iterator[tuple[str, Text]]:
    """Each text with the word it stands under."""
    yield from (("title", sign.title), ("rule", sign.rule), ("explain", sign.explain))
    for word, texts in (("innocent_explanations", sign.innocent_explanations), ("ask_for", sign.ask_for)):
        yield from ((word, Text(vi, en)) for vi, en in zip(texts.vi, texts.en, strict=True))


def _text_faults(sign: Sign) -> Iterator[Fault]:
    for place, text in _texts(sign):
        for language, written in (("vi", text.vi), ("en", text.en)):
            word = VERDICTS.search(written)
            if word:
                message = f"The text says '{word.group(0)}'. A sign is a reason to look, no verdict."
                yield Fault(sign.path, sign.line(f"{place}.{language}"), message)
        if text.vi == text.en:
            message = f"The Vietnamese and the English text are the same: '{text.en}'."
            yield Fault(sign.path, sign.line(place), message)


def _count_faults(sign: Sign, drawn: tuple[Example, ...]) -> Iterator[Fault]:
    path = examples_path(sign.path)
    fires = sum(bool(example.finds) for example in drawn)
    if fires < FIRES_AT_LEAST:
        yield Fault(path, 0, f"{fires} examples fire. At least {FIRES_AT_LEAST} must.")
    if len(drawn) - fires < SILENT_AT_LEAST:
        yield Fault(path, 0, f"{len(drawn) - fires} examples stay silent. At least {SILENT_AT_LEAST} must.")
    titles = Counter(example.title for example in drawn)
    yield from (Fault(path, 0, f"Two examples are called '{title}'.") for title, n in titles.items() if n > 1)


def _explain_faults(sign: Sign, compiled: Compiled) -> Iterator[Fault]:
    shown = {name.removesuffix("_id") + "_code" if name.endswith("_id") else name for name in compiled.columns}
    known = {*shown, *ALWAYS} - set(OPTIONAL_OUTPUT) | {"subject_code"}
    for language, template in (("vi", sign.explain.vi), ("en", sign.explain.en)):
        at = sign.line(f"explain.{language}")
        for name, form in named_facts(template):
            if name not in known:
                yield Fault(sign.path, at, f"explain ({language}) names '{name}', no fact.{suggestion(name, known)}")
            if form not in FORMATS:
                yield Fault(sign.path, at, f"explain ({language}): unknown format '{form}'.{suggestion(form, FORMATS)}")
    if {name for name, _ in named_facts(sign.explain.vi)} != {name for name, _ in named_facts(sign.explain.en)}:
        yield Fault(sign.path, sign.line("explain"), "The two sentences of explain name different facts.")


def _needs_faults(sign: Sign, compiled: Compiled, bench: Workbench) -> Iterator[Fault]:
    """Tables the SELECT reads itself are named in needs; thresholds are used."""
    named = {*sign.needs.required, *sign.needs.helpful, "finding"}
    reads = compiled.tables | compiled.history
    for table in sorted(reads - named):
        if bench.sight.contract.table(table).written_by != "law":
            yield Fault(
                sign.path, sign.line("needs.required"), f"The SELECT reads '{table}', which is not named in needs."
            )
    both = sign.sql + sign.evidence
    for name in sign.tuning:
        if f"${name}" not in both:
            yield Fault(sign.path, sign.line(f"tuning.{name}"), f"The threshold '{name}' is not used.")


def _days(example: Example) -> Iterator[date]:
    yield example.as_of
    for drawn in example.tables.values():
        for row in drawn.rows:
            for cell in row:
                if cell and re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", cell):
                    yield date.fromisoformat(cell[:10])
