"""How `dauhieu sign show` tells of a sign: for people in both languages, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rich.table import Table

from dauhieu.catalogue.catalogue import read_sign_examples
from dauhieu.catalogue.example import ORDINARY, DrawnTable, Example
from dauhieu.catalogue.lock import Locked
from dauhieu.catalogue.parts import binding_digest
from dauhieu.catalogue.record import Record
from dauhieu.catalogue.sign import BROKEN, Sign, Texts
from dauhieu.cli.terminal import out
from dauhieu.proof.promotion import Condition
from dauhieu.proof.promotion import as_json as conditions_as_json
from dauhieu.warehouse.contract import Contract, Text


def as_json(
    sign: Sign,
    contract: Contract,
    record: Record,
    line: Locked | None,
    failed: str | None,
    to: str | None,
    missing: Iterable[Condition],
) -> dict[str, Any]:
    """Everything, with the words of the file."""
    words = "id version violation branch subject item_kind severity amount_kind sql evidence site".split()
    texts = "title rule explain innocent_explanations ask_for".split()
    return {
        **{word: getattr(sign, word) for word in words},
        **{word: asdict(getattr(sign, word)) for word in texts},
        "status": BROKEN if failed else sign.status,
        "broken": failed,
        "retired": asdict(sign.retired) if sign.retired else None,
        "reading": asdict(sign.reading) if sign.reading else None,
        "legal_basis": [asdict(basis) for basis in sign.legal_basis],
        "applies": {"from": sign.applies_from, "to": sign.applies_to},
        "thresholds": {name: asdict(item) for name, item in sign.tuning.items()},
        "needs": asdict(sign.needs),
        "examples": [_example_json(example) for example in read_sign_examples(sign, contract)],
        "files": {"sign": str(sign.path)},
        "text": binding_digest(sign),
        "released": asdict(line) if line else None,
        "record": asdict(record),
        "promotion": {"to": to, "conditions": conditions_as_json(missing)} if to else None,
    }


def _example_json(example: Example) -> dict[str, Any]:
    return {
        "example": example.title,
        "as_of": example.as_of,
        "tables": {name: asdict(drawn) for name, drawn in example.tables.items()},
        "finds": list(example.finds),
    }


def print_sign(
    sign: Sign,
    contract: Contract,
    record: Record,
    line: Locked | None,
    failed: str | None,
    to: str | None,
    missing: Iterable[Condition],
) -> None:
    _say(f"{sign.id} · {sign.title.vi} / {sign.title.en}")
    released = f", version {line.version} released" if line else ", never released"
    _say(f"version {sign.version}, {BROKEN if failed else sign.status}{released}")
    if failed:
        _say(failed)
    if sign.retired:
        _say(f"retired on {sign.retired.on}: {sign.retired.reason.vi} / {sign.retired.reason.en}")
        _say(f"in its place: {', '.join(sign.retired.replaced_by) or '–'}")
    item = f", item: {sign.item_kind}" if sign.item_kind else ""
    _say(f"violation {sign.violation}, subject: {sign.subject}{item}, severity {sign.severity}, {sign.amount_kind}")
    _pair("Quy tắc / Rule", sign.rule)
    _pair("Câu giải thích / Sentence", sign.explain)
    if sign.reading:
        _pair("Cách hiểu / Reading", sign.reading)
    _table(
        "Căn cứ / Law",
        ("instrument", "article", "from", "to"),
        [(basis.instrument, basis.article, basis.valid_from, basis.valid_to) for basis in sign.legal_basis],
    )
    if sign.applies_from or sign.applies_to:
        _say(f"  applies from {sign.applies_from or '–'} to {sign.applies_to or '–'}")
    _table(
        "Ngưỡng / Thresholds",
        ("name", "value", "here", "unit", "why"),
        [
            (name, one.value, one.local.value if one.local else None, one.unit, one.why.told())
            for name, one in sign.tuning.items()
        ],
    )
    _needs(sign)
    _lists("Có thể chính đáng / May be innocent", sign.innocent_explanations)
    _lists("Yêu cầu cung cấp / Ask for", sign.ask_for)
    for example in read_sign_examples(sign, contract):
        _example(example)
    _say("\nBằng chứng / Proof")
    for proof in record.proofs:
        of = "" if proof.text == binding_digest(sign) else " (of another text)"
        figures = ", ".join(f"{name} {value}" for name, value in proof.figures.items())
        _say(f"  {proof.kind} as of {proof.as_of}, version {proof.version}{of}: {figures}")
    for promotion in record.promotions:
        _say(f"  {promotion.to} on {promotion.on}, signed: {', '.join(promotion.signers) or '–'}")
    if to:
        _say(f"\nĐể lên / To become {to}")
        print_conditions(missing)


def print_conditions(found: Iterable[Condition]) -> None:
    """Each condition with yes or no, what is wanted and what was seen."""
    for one in found:
        _say(f"  {'có / yes  ' if one.met else 'chưa / no '} {one.wanted.vi}: {one.seen.vi}")
        _say(f"             {one.wanted.en}: {one.seen.en}")


def _say(text: str) -> None:
    out.print(text, markup=False, highlight=False)


def _pair(title: str, text: Text) -> None:
    _say(f"\n{title}\n  {text.vi}\n  {text.en}")


def _lists(title: str, texts: Texts) -> None:
    _say(f"\n{title}")
    for vi, en in zip(texts.vi, texts.en, strict=True):
        _say(f"  - {vi} / {en}")


def _needs(sign: Sign) -> None:
    _say("\nCần dữ liệu / Needs")
    for table, age in sign.needs.required.items():
        fresh = "any age" if age is None else f"{age} months at most" if isinstance(age, int) else age
        _say(f"  {table}: {fresh}")
    for table in sign.needs.helpful:
        _say(f"  {table}: helpful")
    for other in sign.needs.signs:
        _say(f"  findings of {other}")
    if sign.needs.identity:
        _say("  identity of persons")


def _table(title: str, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    table = Table(*heads, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell).replace("[", "\\[") for cell in row))
    if table.row_count:
        _say(f"\n{title}")
        out.print(table)


def _example(example: Example) -> None:
    _say(f"\nVí dụ / Example: {example.title} (as of {example.as_of})")
    for name, drawn in example.tables.items():
        _drawn(name, drawn)
    for found in example.finds:
        _say("  → " + ", ".join(f"{name} {value}" for name, value in found.items()))
    if not example.finds:
        _say("  → im lặng / silent")


def _drawn(name: str, drawn: DrawnTable) -> None:
    table = Table(*drawn.columns, title=name, title_justify="left", box=None)
    for row in drawn.rows:
        table.add_row(*("·" if cell == ORDINARY else "∅" if cell is None else cell for cell in row))
    out.print(table)
