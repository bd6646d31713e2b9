"""Taking rows in: batches of any size are gathered, checked and landed, and every delivered row is counted once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from dauhieu.deliveries.checks import CellFault, Checked, TableCheck, refused
from dauhieu.deliveries.landing import Landing
from dauhieu.deliveries.messages import MESSAGES
from dauhieu.deliveries.source import CHECK_ROWS, DOCUMENT, ReadFault, SourceRows
from dauhieu.deliveries.territory import Bounds
from dauhieu.engines.base import Engine
from dauhieu.errors import DeliveryError
from dauhieu.warehouse.contract import Contract
from dauhieu.yamlfile import suggestion

# Faults told with their place; all are counted.
KEPT_FAULTS = 50_000
# Rows of many layouts may wait at once (a claim has a dozen tables): together no more than this.
WAITING_BYTES = 64 << 20

# Table, file, place, columns, the sender's own names of these, and whether the rows are made of others.
Layout = tuple[str, Path, str, pa.Schema, tuple[tuple[str, str], ...], bool]


@dataclass(frozen=True, slots=True)
class Placed:
    """One fault with its whole place."""

    file: Path
    place: str
    table: str
    fault: CellFault

    def allowed(self, contract: Contract) -> tuple[str, ...]:
        """The values of the column's closed set."""
        columns = contract.tables[self.table].columns if self.table in contract.tables else ()
        return next((column.values for column in columns if column.delivered_as == self.fault.door), ())


@dataclass
class Faults:
    """All faults of a delivery: every one counted by its code, the first of them kept with their places."""

    counts: Counter[str] = field(default_factory=Counter)
    kept: list[Placed] = field(default_factory=list)

    def add(self, file: Path, place: str, table: str, faults: tuple[CellFault, ...]) -> None:
        self.counts.update(fault.code for fault in faults)
        room = KEPT_FAULTS - len(self.kept)
        self.kept += [Placed(file, place, table, fault) for fault in faults[: max(room, 0)]]


class Taking:
    """Checks and lands the rows of one delivery; those out of `bounds` are set aside."""

    def __init__(
        self, contract: Contract, engine: Engine, landing: Landing, decimal: str | None, bounds: Bounds | None = None
    ):
        self.rows = 0
        self.rows_aside = 0
        self.aside = Faults()
        self.noted = Faults()
        self.extra: dict[str, tuple[str, ...]] = {}
        self.contract = contract
        self._engine = engine
        self._landing = landing
        self._decimal = decimal
        self._bounds = bounds
        self._checks: dict[Layout, TableCheck] = {}
        self._waiting: dict[Layout, list[pa.RecordBatch]] = {}
        self._waiting_rows: Counter[Layout] = Counter()
        self._waiting_bytes = 0

    def collect(self, fault: ReadFault) -> None:
        """A fault found while reading; a row or document which could not be read at all is counted here."""
        cell = CellFault(fault.row_no, fault.document, fault.column, fault.code)
        faults = self.aside if MESSAGES[fault.code].sets_aside else self.noted
        faults.add(fault.file, fault.place, fault.table, (cell,))
        if not MESSAGES[fault.code].sets_aside:
            return
        if fault.document is not None:
            self._landing.set_aside({fault.document})
        if fault.whole:
            self.rows += 1
            self.rows_aside += 1
            if fault.document is None:
                self._landing.count_single(0, 1)

    def note_references(self, table: str, column: str, codes: int) -> None:
        """Unknown codes of a whole column; told once, without a row."""
        self.noted.add(Path(), "", table, (CellFault(0, None, column, "unknown_reference", column),))
        self.noted.counts["unknown_reference"] += codes - 1

    def take(self, source: SourceRows, *, fixed: bool) -> None:
        """All rows of one place; small batches wait for more of their layout."""
        names = tuple(source.names.items())
        for batch in source.batches:
            layout = (source.table, source.file, source.place, batch.schema, names, source.beside)
            if layout not in self._checks:
                self._checks[layout] = self._check(layout, fixed)
            self._waiting.setdefault(layout, []).append(batch)
            self._waiting_rows[layout] += batch.num_rows
            self._waiting_bytes += batch.nbytes
            if self._waiting_rows[layout] >= CHECK_ROWS:
                self._flush(layout)
            elif self._waiting_bytes >= WAITING_BYTES:
                self._flush_all()

    def flush(self) -> None:
        """Take what still waits; called at the end of each file."""
        self._flush_all()
        self._checks.clear()

    def _flush_all(self) -> None:
        for layout in list(self._waiting):
            self._flush(layout)

    def _check(self, layout: Layout, fixed: bool) -> TableCheck:
        table, file, place, schema, names, _ = layout
        if table not in self.contract.tables:
            raise DeliveryError(
                f"There is no table '{table}'.{suggestion(table, self.contract.tables)} Name the table with --table, "
                "or name the file after it.",
                path=file,
            )
        check = TableCheck(
            self.contract.table(table),
            schema,
            file,
            place=place,
            decimal=self._decimal,
            fixed=fixed,
            names=dict(names),
            children=self.contract.tables,
        )
        if check.matched.extra:
            self.extra[f"{file.name} {place}".strip()] = check.matched.extra
        return check

    def _flush(self, layout: Layout) -> None:
        if self._bounds:
            # Whether lines may be taken is told by their heads.
            head = self.contract.table(layout[0]).head
            for other in [other for other in self._waiting if other[0] == head]:
                self._flush(other)
        batches = self._waiting.pop(layout, [])
        self._waiting_rows.pop(layout, None)
        self._waiting_bytes -= sum(batch.nbytes for batch in batches)
        if batches:
            checked = self._checks[layout].run(pa.Table.from_batches(batches), self._engine)
            # What a reader makes of rows goes the way of their document.
            if self._bounds and not layout[-1]:
                checked = refused(checked, self._bounds.faults(checked, self._checks[layout]))
            self._land(checked, layout)

    def _land(self, checked: Checked, layout: Layout) -> None:
        table, file, place, *_, beside = layout
        if beside:
            self._landing.add(table, checked.good, split=True)
            return
        self.rows += checked.rows
        self.rows_aside += checked.rows - checked.good.num_rows
        self.aside.add(file, place, table, checked.aside)
        self._landing.set_aside({fault.document for fault in checked.aside if fault.document is not None})
        single = {fault.row_no for fault in checked.aside if fault.document is None}
        self._landing.count_single(checked.good.column(DOCUMENT).null_count, len(single))
        self.noted.add(file, place, table, checked.noted)
        self._landing.add(table, checked.good)
        for child in checked.children:
            self.noted.add(file, place, child.table, child.noted)
            self._landing.add(child.table, child.good, split=True)
