"""`dauhieu sign show|diff|retire|promote|lock`: the life of a sign. `sign new` has a module of its own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from dauhieu.catalogue.catalogue import Catalogue, read_catalogue
from dauhieu.catalogue.edit import set_status
from dauhieu.catalogue.life import lock_of, relock
from dauhieu.catalogue.life import retire as retire_sign
from dauhieu.catalogue.lock import (
    Locked,
    changed_parts,
    lock_faults,
    lock_path,
    locked,
    read_lock,
    refreshed,
    write_lock,
)
from dauhieu.catalogue.parts import PARTS, binding_digest
from dauhieu.catalogue.read import read_sign
from dauhieu.catalogue.record import Promotion, read_record, write_record
from dauhieu.catalogue.sign import Sign
from dauhieu.catalogue.site import named_site
from dauhieu.cli.catalogue import Site, failed_in, small_engine
from dauhieu.cli.options import AsJson
from dauhieu.cli.sign_new import new
from dauhieu.cli.sign_show import as_json as shown_as_json
from dauhieu.cli.sign_show import print_conditions, print_sign
from dauhieu.cli.terminal import now, out, print_json
from dauhieu.compiler.difference import Change, sign_changes
from dauhieu.errors import Fault, SignError
from dauhieu.law.read import law
from dauhieu.proof.ladder import Ladder
from dauhieu.proof.promotion import RISES_TO, Condition, conditions, next_status, rises
from dauhieu.proof.promotion import as_json as conditions_as_json
from dauhieu.proof.taken import proofs_in
from dauhieu.warehouse.contract import Text, contract

app = typer.Typer(help="The life of a sign, from its first draft until it is retired.", no_args_is_help=True)
app.command("new")(new)

Id = Annotated[str, typer.Argument(help="Id of the sign.")]


def _catalogue(site: Path | None) -> Catalogue:
    return read_catalogue(contract(), named_site(site) if site else None)


def _ladder_faults(catalogue: Catalogue, sign: Sign) -> tuple[Fault, ...]:
    """What the ladder says of this sign; broken files of others are not its fault."""
    with small_engine() as engine:
        report = Ladder(engine, contract(), catalogue, law()).climb([sign.id])
    return tuple(fault for fault in report.failures if fault not in catalogue.faults)


@app.command("show")
def show(sign: Id, site: Site = None, as_json: AsJson = False) -> None:
    """Show all of a sign: texts, law, thresholds, needs, examples, and what it must still show to rise."""
    catalogue = _catalogue(site)
    (found,) = catalogue.chosen([sign])
    failed = (failed_in(site, catalogue) if site else {}).get(sign)
    to = next_status(found)
    record = read_record(found.id, found.path)
    missing = conditions(found, to, _ladder_faults(catalogue, found), record) if to else ()
    line = read_lock(lock_of(catalogue, found)).get(sign)
    if as_json:
        print_json(shown_as_json(found, contract(), record, line, failed, to, missing))
    else:
        print_sign(found, contract(), record, line, failed, to, missing)


@app.command("diff")
def diff(
    sign: Id,
    against: Annotated[
        str, typer.Option(help="Another file of the sign, or the version released; the lock if not named.")
    ] = "",
    site: Site = None,
    as_json: AsJson = False,
) -> None:
    """Show what changed against what was released, or against another file: logic, thresholds, law, texts."""
    catalogue = _catalogue(site)
    (found,) = catalogue.chosen([sign])
    if against and not against.isdecimal():
        other = read_sign(Path(against), contract(), catalogue.violations, found.branch)
        changes = sign_changes(other, found)
    else:
        changes = _against_lock(catalogue, found, against)
    if as_json:
        print_json([asdict(change) for change in changes])
        return
    table = Table("part", "what", "before", "now", box=None)
    for change in changes:
        table.add_row(change.part, change.name, _cell(change.before), _cell(change.now))
    out.print(table if changes else f"{sign}: nothing changed.")


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("[", "\\[")


def _against_lock(catalogue: Catalogue, sign: Sign, version: str) -> tuple[Change, ...]:
    """The lock keeps the thresholds, and of other parts whether they are what they were."""
    path = lock_of(catalogue, sign)
    line = read_lock(path).get(sign.id)
    if line is None:
        raise SignError(f"'{sign.id}' was never released, so there is nothing to compare with. Name a file.", path=path)
    if version and int(version) != line.version:
        message = f"The lock holds version {line.version} of '{sign.id}'. For another one name its file."
        raise SignError(message, path=path)
    mine = locked(sign)
    words = [name for name in Locked.__dataclass_fields__ if name not in ("thresholds", "digests", "file")]
    found = [
        Change("identity", name, getattr(line, name), getattr(mine, name))
        for name in words
        if getattr(line, name) != getattr(mine, name)
    ]
    for name in dict.fromkeys((*line.thresholds, *mine.thresholds)):
        if line.thresholds.get(name) != mine.thresholds.get(name):
            found.append(Change("thresholds", name, line.thresholds.get(name), mine.thresholds.get(name)))
    parts = [part for part in changed_parts(sign, line, PARTS) if part not in ("thresholds", "weight")]
    return (*found, *(Change(part, "changed since it was released", None, None) for part in parts))


@app.command("retire")
def retire(
    sign: Id,
    reason: Annotated[str, typer.Option(prompt="Lý do (vi)", help="Why, in Vietnamese.")],
    reason_en: Annotated[str, typer.Option(prompt="Reason (en)", help="Why, in English.")],
    replaced_by: Annotated[list[str] | None, typer.Option(help="The sign which takes its place.")] = None,
    site: Site = None,
) -> None:
    """Take a sign out of use: it is not run any more, and what it found can still be explained."""
    catalogue = _catalogue(site)
    moved = retire_sign(catalogue, sign, now().date(), Text(reason, reason_en), replaced_by or ())
    relock(_catalogue(site), sign)
    out.print(f"{sign} is retired: {moved}", markup=False, highlight=False)


@app.command("promote")
def promote(
    sign: Id,
    to: Annotated[str, typer.Option(help="experimental, test or stable.")],
    proof: Annotated[
        list[Path] | None, typer.Option(help="JSON of 'dauhieu proof --json' or 'dauhieu backtest --json'; repeat it.")
    ] = None,
    signer: Annotated[list[str] | None, typer.Option(help="Who answers for it; stable wants two.")] = None,
    site: Site = None,
    as_json: AsJson = False,
) -> None:
    """Let a sign rise when it has shown what the status asks for; say what is missing when it has not.

    Going down needs no proof.
    """
    if to not in RISES_TO:
        raise typer.BadParameter(f"'{to}' is no such status. Use one of {', '.join(RISES_TO)}.")
    catalogue = _catalogue(site)
    (found,) = catalogue.chosen([sign])
    if found.retired or found.status == to:
        raise SignError(f"'{sign}' is {found.status} and stays so.", path=found.path)
    record = read_record(sign, found.path)
    for path in proof or ():
        for shown in proofs_in(path, found):
            record = record.proved(shown)
    wanted: tuple[Condition, ...] = ()
    if rises(found, to):
        wanted = conditions(found, to, _ladder_faults(catalogue, found), record, signer or ())
    granted = all(condition.met for condition in wanted)
    if granted:
        today = now().date().isoformat()
        promotion = Promotion(to, today, found.version, binding_digest(found), tuple(signer or ()))
        record = record.promoted(promotion)
    if granted or proof:
        # What a proof shows is kept, also when it is not enough yet.
        write_record(record, found.path)
    if granted:
        set_status(found, to)
        relock(_catalogue(site), sign)
    if as_json:
        print_json({"sign": sign, "to": to, "granted": granted, "conditions": conditions_as_json(wanted)})
    else:
        print_conditions(wanted)
        out.print(f"{sign} is {to} now." if granted else f"{sign} stays {found.status}: see what is missing above.")
    if not granted:
        raise typer.Exit(SignError.exit_code)


@app.command("lock")
def lock(site: Site = None) -> None:
    """Write down what is released: of test, stable and retired signs. Refuses what may not change."""
    catalogue = _catalogue(site)
    path = lock_path(catalogue.site)
    lines = read_lock(path)
    faults = tuple(lock_faults(catalogue, path, lines))
    if faults:
        raise SignError(faults=faults)
    own = [sign for sign in catalogue.signs.values() if sign.site == (catalogue.site is not None)]
    after = refreshed(lines, own)
    write_lock(path, after)
    changed = sum(name in lines and lines[name] != line for name, line in after.items())
    out.print(f"{len(after)} signs in {path.name}: {len(after) - len(lines)} new, {changed} changed.", markup=False)
