"""Cross-fire: each sign runs on the tables in which the examples of other signs stay silent.

What is innocent to one sign may well be a reason to look for another, so a finding there is no fault by itself: it is
reviewed once and written into `crossfire.yaml`. A crash, or a finding nobody has reviewed, is a fault. As in a scan, a
sign whose required tables are empty does not run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dauhieu.catalogue.catalogue import Catalogue, read_sign_examples
from dauhieu.catalogue.example import Example
from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.readiness import missing_law
from dauhieu.errors import DauhieuError, Fault, SignError
from dauhieu.proof.drawn import StoredExample, store_example
from dauhieu.proof.ladder import Crew, Ladder, Tell
from dauhieu.yamlfile import YamlFile, read_yaml, suggestion

REVIEWED = "crossfire.yaml"
SHIPPED = Path(__file__).parents[1] / "catalogue" / REVIEWED
TASK = tuple[str, tuple[str, ...]]
# Sign, and the sign whose silent example it fires on.
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shot:
    """What a sign did on one silent example of `owner`: the subjects it named there, or why it crashed."""

    sign: str
    owner: str
    path: Path
    line: int
    example: str
    found: tuple[str, ...] = ()
    crash: str = ""


@dataclass(frozen=True, slots=True)
class Volley:
    """What came of signs on the silent examples of one other; `shots` are those runs which hit or crashed."""

    owner: str
    ran: Mapping[str, int]
    shots: tuple[Shot, ...]


@dataclass(frozen=True, slots=True)
class CrossFire:
    """How many runs there were, of how many signs; the hits with their reviews, the faults, and reviews of nothing."""

    runs: int
    signs: int
    hits: tuple[Shot, ...]
    reviews: Mapping[Pair, str]
    faults: tuple[Fault, ...]
    idle: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        hits = [
            {"sign": one.sign, "on": one.owner, "example": one.example, "found": list(one.found)} for one in self.hits
        ]
        return {"runs": self.runs, "signs": self.signs, "hits": hits, "idle_reviews": list(self.idle)}


def cross_fire(
    ladder: Ladder, ids: Collection[str] = (), crew: Crew | None = None, tell: Tell = lambda _: None
) -> CrossFire:
    """All signs on all silent examples; of named signs, they on those of all others, and all others on theirs."""
    names = tuple(sign.id for sign in ladder.catalogue.signs.values() if sign.status != "retired")
    tasks = [(owner, names if not ids or owner in ids else tuple(ids)) for owner in names]
    ran: dict[str, int] = {}
    shots: list[Shot] = []
    for one in ladder.each(volley, tasks, crew):
        tell(one.owner)
        shots += one.shots
        for sign, count in one.ran.items():
            ran[sign] = ran.get(sign, 0) + count
    reviews, faults = read_reviews(ladder.catalogue)
    hits = tuple(shot for shot in shots if shot.found)
    hit = {(shot.sign, shot.owner) for shot in hits}
    idle = tuple(f"{sign} on {owner}" for sign, owner in reviews if (sign, owner) not in hit)
    told = [*faults, *(fault for shot in shots if (fault := _fault(shot, reviews)))]
    return CrossFire(sum(ran.values()), len(ran), hits, reviews, tuple(told), () if ids else idle)


def volley(ladder: Ladder, task: TASK) -> Volley:
    """Run the signs named second on the silent examples of the sign named first."""
    owner, names = task
    signs = [ladder.catalogue.signs[name].as_shipped() for name in names if name != owner]
    ran: dict[str, int] = {}
    shots = []
    try:
        drawn = read_sign_examples(ladder.catalogue.signs[owner], ladder.contract)
    except DauhieuError:
        # An earlier step tells it.
        drawn = ()
    for example in drawn:
        ready = [] if example.finds else [sign for sign in signs if has_its_tables(sign, example)]
        if not ready:
            continue
        for sign, found, crash in _run(ladder, ready, example, store_example(example, ladder.contract)):
            ran[sign] = ran.get(sign, 0) + 1
            if found or crash:
                shots.append(Shot(sign, owner, example.path, example.line, example.title, found, crash))
    return Volley(owner, ran, tuple(shots))


def _run(
    ladder: Ladder, signs: Sequence[Sign], example: Example, stored: StoredExample
) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Sign, what it finds, and how it crashed; one which misses a value of the law then is not run."""
    bench = ladder.runner.bench(example, stored)
    for sign in signs:
        try:
            compiled = bench.compile(sign)
            if missing_law(ladder.law, compiled.parameters, example.as_of):
                continue
            bench.ready(compiled)
            yield sign.id, tuple(ladder.runner.found(sign, compiled, stored)), ""
        except DauhieuError as error:
            yield sign.id, (), error.faults[0].message


def has_its_tables(sign: Sign, example: Example) -> bool:
    """Whether a scan of these tables would run the sign at all; how old their rows are does not matter here."""
    if not (sign.applies_from or example.as_of) <= example.as_of <= (sign.applies_to or example.as_of):
        return False
    drawn = {name for name, table in example.tables.items() if table.rows}
    return drawn.issuperset(sign.needs.required) and (not sign.needs.signs or "finding" in drawn)


def _fault(shot: Shot, reviews: Mapping[Pair, str]) -> Fault | None:
    if shot.crash:
        return Fault(shot.path, shot.line, f"{shot.sign} crashes on '{shot.example}': {shot.crash}")
    if (shot.sign, shot.owner) in reviews:
        return None
    message = (
        f"{shot.sign} finds {', '.join(shot.found[:3])} in '{shot.example}', which is silent for {shot.owner}. Is it "
        f"a reason to look? Then write it into {REVIEWED} under {shot.sign}: 'of: [{shot.owner}]' and 'reviewed: <why>'"
        ". If not, mend the sign, or draw the example so that it is innocent to all."
    )
    return Fault(shot.path, shot.line, message)


def read_reviews(catalogue: Catalogue) -> tuple[dict[Pair, str], list[Fault]]:
    """Why which sign may fire on silent examples of which other: of the shipped catalogue, and of the site."""
    reviews: dict[Pair, str] = {}
    faults: list[Fault] = []
    for path in (SHIPPED, *([catalogue.site / REVIEWED] if catalogue.site else ())):
        if path.is_file():
            try:
                file = read_yaml(path, SignError)
            except SignError as error:
                faults += error.faults
                continue
            _read(file, catalogue, reviews, faults)
    return reviews, faults


def _read(file: YamlFile, catalogue: Catalogue, reviews: dict[Pair, str], faults: list[Fault]) -> None:
    """`sign: [{of: [other signs], reviewed: why}]`."""
    if not isinstance(file.data, dict):
        faults.append(file.fault("The file is a mapping of signs."))
        return
    for sign, groups in file.data.items():
        for number, group in enumerate(groups if isinstance(groups, list) else [groups]):
            key = (sign, number)
            if not isinstance(group, dict) or set(group) != {"of", "reviewed"} or not isinstance(group["of"], list):
                faults.append(file.fault("A review has 'of' (a list of signs) and 'reviewed' (why).", *key))
                continue
            for name in (sign, *group["of"]):
                if name not in catalogue.signs:
                    hint = suggestion(str(name), catalogue.signs)
                    faults.append(file.fault(f"There is no sign '{name}'.{hint}", *key))
            if not str(group["reviewed"] or "").strip():
                faults.append(file.fault("'reviewed' says why the finding is right, and may not be empty.", *key))
            reviews |= {(sign, owner): str(group["reviewed"]) for owner in group["of"]}
