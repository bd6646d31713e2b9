"""The whole way of one delivery: its files -> rows -> checks -> landing -> one new version of the store, or none."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from dauhieu.deliveries.archive import unpack
from dauhieu.deliveries.encodings import ENCODINGS
from dauhieu.deliveries.heads import fill_from_heads
from dauhieu.deliveries.identities import keep_new_identities
from dauhieu.deliveries.incoming import incoming
from dauhieu.deliveries.landing import Judged, Landing
from dauhieu.deliveries.mapping_file import read_mapping
from dauhieu.deliveries.months import refuse_other_months
from dauhieu.deliveries.reading import Reading
from dauhieu.deliveries.records import records
from dauhieu.deliveries.references import unknown_references
from dauhieu.deliveries.report import Change, Count, LoadReport, Place, SetAsideError
from dauhieu.deliveries.sendings import number_sendings
from dauhieu.deliveries.setaside import write_report
from dauhieu.deliveries.taking import Taking
from dauhieu.deliveries.territory import Bounds, Territory, had_strange_units
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import DeliveryError, EngineError, Fault, StoreError
from dauhieu.warehouse.disk import FULL_MESSAGE, is_full
from dauhieu.warehouse.intake import Intake, Mode, apply
from dauhieu.warehouse.store import Store

MODES = ("adds", "replaces", "whole")
MILLION = 1_000_000
FIRST_FAULTS = 20
# Checks stream and the store spills, so a load needs little, whatever the size of its files: some 700 MB in all.
MEMORY = "450MB"
EXPRESSIONS = EngineOptions(memory="256MB", threads=1)


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How a delivery is meant. `max_set_aside` is parts per million of its documents; `decimal` 'comma' or 'point'.

    `territories` are the places for which its sender may deliver; None is the whole country.
    """

    table: str | None = None
    mapping: Path | None = None
    mode: Mode = "adds"
    months: tuple[date, ...] = ()
    encoding: str | None = None
    decimal: str | None = None
    max_set_aside: int = 10_000
    whole_or_nothing: bool = False
    set_aside: Path | None = None
    source: str = ""
    territories: tuple[Territory, ...] | None = None


def load(
    store: Store,
    paths: Sequence[Path],
    *,
    options: LoadOptions | None = None,
    now: datetime,
    engine_options: EngineOptions | None = None,
) -> LoadReport:
    """Land one delivery. The same content twice changes nothing; a refused delivery leaves nothing behind.

    Where units were unknown or of others the first time, it is tried again: the store may know them by now.
    """
    options = options or LoadOptions()
    _check_options(options)
    files = delivered_files(paths)
    intake = Intake({}, options.mode, options.source or files[0].name, digest(files, options), now, options.months)
    before = store.landed(intake.content)
    if before is not None:
        if options.territories is None or not had_strange_units(store, intake.digest):
            return LoadReport(before, landed=False)
        intake = replace(intake, after=store.version().number)
    limits = engine_options or EngineOptions(memory=MEMORY)
    try:
        with incoming(store.path) as folder:
            report = _load(store, files, options, intake, limits, folder)
    except (OSError, EngineError) as fault:
        if is_full(fault):
            raise StoreError(FULL_MESSAGE, path=store.path) from fault
        if isinstance(fault, EngineError):
            raise
        raise DeliveryError(f"Nothing has landed: {fault.strerror or 'a file cannot be read'}.") from fault
    return report if before is None or report.landed else LoadReport(before, landed=False)


def _load(
    store: Store,
    files: Sequence[Path],
    options: LoadOptions,
    intake: Intake,
    limits: EngineOptions,
    folder: Path,
) -> LoadReport:
    checking = replace(limits, folders=(folder, store.path), temporary=folder / "spill")
    layout = read_mapping(options.mapping, store.contract) if options.mapping else None
    decimal = options.decimal or (layout.decimal if layout else None)
    with (
        DuckDBEngine(checking) as engine,
        DuckDBEngine(EXPRESSIONS) as expressions,
        Landing(folder, engine) as landing,
    ):
        reading = Reading(store.contract, options.table, options.encoding, decimal, layout, expressions)
        bounds = None if options.territories is None else Bounds(options.territories, store, engine)
        taking = Taking(store.contract, engine, landing, decimal, bounds)
        unpacked = _take(files, folder, reading, taking)
        judged = landing.judge()
        keep_new_identities(landing, engine, store, options.mode)
        earlier = number_sendings(landing, engine, store)
        taking.noted.counts.update({"earlier_sending": earlier} if earlier else {})
        headless = fill_from_heads(landing, engine, store)
        taking.noted.counts.update({"no_head": headless} if headless else {})
        for unknown in unknown_references(landing, engine, store):
            taking.note_references(unknown.table, unknown.column, unknown.codes)
        if options.months:
            refuse_other_months(landing, engine, store.contract, options.months)
        report = _report(taking, judged)
        if options.set_aside and report.rows.set_aside:
            again = partial(reading.again, engine=engine)
            write_report(options.set_aside, unpacked, taking.aside, store.contract, again, reading.header_row)
    if not report.rows.delivered:
        raise DeliveryError("The delivery holds no rows. Nothing has landed.", path=files[0])
    _judge(report, options)
    return _hand_over(store, files, replace(intake, tables=landing.files()), report, taking, limits)


def _take(files: Sequence[Path], folder: Path, reading: Reading, taking: Taking) -> list[Path]:
    """Take in every file, archives unpacked; returns the files really read."""
    read: list[Path] = []
    for number, file in enumerate(files):
        for unpacked in unpack(file, folder / f"unpacked{number}"):
            fixed = reading.fixed(unpacked)
            for source in reading.rows(unpacked, taking.collect):
                taking.take(source, fixed=fixed)
            taking.flush()
            read.append(unpacked)
    return read


def _hand_over(
    store: Store,
    files: Sequence[Path],
    intake: Intake,
    report: LoadReport,
    taking: Taking,
    limits: EngineOptions,
) -> LoadReport:
    kept = records(store.contract, intake, files, report, taking)
    done = apply(store, replace(intake, records=kept), options=limits)
    changes = {
        name: Change(count.added, count.closed, count.unchanged)
        for name, count in done.tables.items()
        if name not in kept
    }
    latest = store.latest()
    version = done.number or done.earlier or (latest.number if latest else None)
    return replace(report, version=version, landed=done.number is not None, tables=changes)


def _report(taking: Taking, judged: Judged) -> LoadReport:
    aside = taking.rows_aside + judged.rows_followed
    counts = taking.aside.counts.copy()
    if judged.rows_followed:
        counts["document_set_aside"] += judged.rows_followed
    documents = Count(judged.documents, judged.documents - judged.documents_aside, judged.documents_aside)
    return LoadReport(
        version=None,
        landed=False,
        documents=documents,
        rows=Count(taking.rows, taking.rows - aside, aside),
        set_aside=dict(counts),
        noted=dict(taking.noted.counts),
        first=_first(taking),
        extra_columns=taking.extra,
    )


def _first(taking: Taking) -> tuple[Place, ...]:
    return tuple(
        Place(
            one.file.name, one.place, one.fault.row_no, one.fault.column, one.fault.code, one.allowed(taking.contract)
        )
        for one in taking.aside.kept[:FIRST_FAULTS]
    )


def _judge(report: LoadReport, options: LoadOptions) -> None:
    """Refuse the delivery where more is set aside than its sender may."""
    count = report.documents
    allowed = 0 if options.whole_or_nothing else options.max_set_aside
    if count.set_aside * MILLION <= allowed * count.delivered:
        return
    share = f"{count.set_aside * 100 / count.delivered:.2f} %"
    first = "\n".join(f"  {place.words()}" for place in report.first)
    raise SetAsideError(
        f"{count.set_aside} of {count.delivered} documents ({share}) cannot be stored; {allowed / 10_000:g} % may be. "
        f"Nothing has landed. Mend them, or allow more with --max-set-aside.\n{first}",
        report,
    )


def _check_options(options: LoadOptions) -> None:
    faults = []
    if options.mode not in MODES:
        faults.append(f"Unknown mode '{options.mode}'. Use one of {', '.join(MODES)}.")
    if (options.mode == "replaces") != bool(options.months):
        faults.append("Mode 'replaces' names its months, and only it does.")
    if options.mode != "adds" and options.territories is not None:
        faults.append(
            "Only whoever delivers for the whole country may replace months or tables: their rows are of all places. "
            "Deliver with mode 'adds'."
        )
    if options.encoding is not None and options.encoding not in ENCODINGS:
        faults.append(f"Unknown encoding '{options.encoding}'. Use one of {', '.join(ENCODINGS)}.")
    if options.decimal not in (None, "comma", "point"):
        faults.append(f"Unknown decimal sign '{options.decimal}'. Use 'comma' or 'point'.")
    if faults:
        raise DeliveryError(faults=[Fault(None, 0, fault) for fault in faults])


def delivered_files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The files of a delivery; a folder is one delivery of all files in it, but for hidden ones."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith((".", "_")))
        elif path.is_file():
            files.append(path)
        else:
            raise DeliveryError("There is no such file or folder.", path=path)
    if not files:
        raise DeliveryError("The folder holds no files. Nothing has landed.", path=paths[0] if paths else None)
    return tuple(files)


def digest(files: Sequence[Path], options: LoadOptions) -> str:
    """What was delivered and how it is to be read; names of folders and moments do not count."""
    whole = hashlib.sha256()
    mapping = options.mapping.read_bytes() if options.mapping else b""
    for word in (options.table or "", options.encoding or "", options.decimal or ""):
        whole.update(word.encode() + b"\0")
    # What one sender may not deliver, another may.
    if options.territories is not None:
        whole.update("".join(sorted(map(repr, options.territories))).encode() + b"\0")
    whole.update(hashlib.sha256(mapping).digest())
    for file in files:
        with file.open("rb") as content:
            whole.update(file.name.encode() + b"\0" + hashlib.file_digest(content, "sha256").digest())
    return whole.hexdigest()
