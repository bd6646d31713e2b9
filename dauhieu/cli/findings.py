"""`dauhieu findings` and `dauhieu explain`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer
from rich.table import Column, Table

from dauhieu.catalogue.catalogue import catalogue_in_force
from dauhieu.catalogue.exception import FindingException
from dauhieu.catalogue.sign import RANKING, Sign
from dauhieu.cli.options import AsJson, StoreFolder
from dauhieu.cli.terminal import month_end, out, print_json, show_silence
from dauhieu.compiler.workbench import Workbench
from dauhieu.errors import SignError
from dauhieu.findings.evidence import articles, evidence, law_in_force
from dauhieu.findings.explain import sentence
from dauhieu.findings.files import write_table
from dauhieu.findings.read import Subject, findings_table, one_finding
from dauhieu.findings.silence import silence_kept
from dauhieu.findings.thresholds import thresholds
from dauhieu.law.read import law
from dauhieu.looking import looking
from dauhieu.scoring.rank import latest_scanned
from dauhieu.warehouse.store import Store

FIRST_ROWS = 20


def findings(
    store: StoreFolder,
    sign: Annotated[str | None, typer.Option(help="Only this sign.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only this subject, KIND:CODE.")] = None,
    as_of: Annotated[date | None, typer.Option(parser=month_end, help="Month scanned; the latest by default.")] = None,
    file: Annotated[Path | None, typer.Option("--out", help="Write all to this .parquet, .csv or .xlsx.")] = None,
) -> None:
    """List findings, or hand them out as a file with one row each."""
    opened = Store.open(store)
    version = opened.version()
    month = as_of or latest_scanned(version)
    wanted = Subject.parse(subject) if subject else None
    with looking(opened, month) as (engine, _):
        table = findings_table(engine, opened, version, month, sign=sign, subject=wanted)
        silence = silence_kept(engine, opened, version, month, sign)
    if file:
        write_table(file, table)
        out.print(f"{table.num_rows:,} findings as of {month} in {file}.")
        return
    shown = Table(
        Column("finding", no_wrap=True),
        Column("sign", no_wrap=True),
        "subject",
        "item",
        "from",
        "to",
        "amount",
        "state",
        box=None,
    )
    for row in table.slice(0, FIRST_ROWS).to_pylist():
        amount = "" if row["amount"] is None else f"{row['amount']:,}"
        named = f"{row['subject_kind']}:{row['subject_code']}"
        period = (str(row["period_from"]), str(row["period_to"]))
        on_trial = "" if row["sign_status"] in (None, *RANKING) else f" ({row['sign_status']})"
        state = f"{row['state']}, {row['exception_id']}" if row["exception_id"] else row["state"]
        shown.add_row(row["finding_id"], row["sign_id"] + on_trial, named, row["item"], *period, amount, state)
    out.print(shown)
    show_silence(silence)
    out.print(f"{table.num_rows:,} findings as of {month}; --out writes them all.")


def explain(
    store: StoreFolder,
    finding: Annotated[str, typer.Argument(help="Id of the finding.")],
    as_json: AsJson = False,
) -> None:
    """Say in words what was found, by which law, what may explain it, what to ask for, and show the rows."""
    opened = Store.open(store)
    catalogue = catalogue_in_force(opened)
    with looking(opened, latest_scanned(opened.version())) as (engine, _):
        month, row = one_finding(engine, opened, opened.version(), finding)
    (sign,) = catalogue.chosen([row["sign_id"]])
    facts = row["facts"] | {name: row[name] for name in ("subject_code", "item", "period_from", "period_to", "amount")}
    with looking(opened, month) as (_, sight):
        bench = Workbench(sight, catalogue, law())
        try:
            rows = evidence(bench, sign, row)
            values = law_in_force(bench, sign, law(), row["period_to"])
        except SignError:
            # The contract may have moved on since the sign was retired; what was found is told all the same.
            if not sign.retired:
                raise
            rows, values = pa.table({}), ()
    limits = thresholds(sign, month)
    known = next((one for one in catalogue.exceptions if one.id == row["exception_id"]), None)
    told = {
        "finding_id": finding,
        "sign_id": sign.id,
        "status": {"found": row["sign_status"], "now": sign.status},
        "note": {language: _note(sign, row["sign_status"], language) for language in ("vi", "en")},
        "exception": row["exception_id"] and _excepted(row["exception_id"], known),
        "title": {"vi": sign.title.vi, "en": sign.title.en},
        "sentence": {"vi": sentence(sign.explain.vi, facts, "vi"), "en": sentence(sign.explain.en, facts, "en")},
        "articles": [f"{a.instrument} {a.article}" for a in articles(sign, row["period_from"], row["period_to"])],
        "law": {value.parameter.name: {"values": value.values, "source": value.source} for value in values},
        "tuning": {one.name: asdict(one) for one in limits},
        "innocent_explanations": {"vi": sign.innocent_explanations.vi, "en": sign.innocent_explanations.en},
        "ask_for": {"vi": sign.ask_for.vi, "en": sign.ask_for.en},
        "evidence": rows.to_pylist(),
    }
    if as_json:
        print_json(told)
        return
    out.print(f"{sign.id} {sign.title.vi} / {sign.title.en}", markup=False)
    for language in ("vi", "en"):
        if _note(sign, row["sign_status"], language):
            out.print(_note(sign, row["sign_status"], language), markup=False)
    if row["exception_id"]:
        told_by = " ".join(f"{word}: {value}" for word, value in _excepted(row["exception_id"], known).items())
        out.print(f"Excepted, makes no warning. {told_by}", markup=False)
    for language in ("vi", "en"):
        out.print(f"\n[{language}] {sentence(getattr(sign.explain, language), facts, language)}", markup=False)
    out.print("\nLaw: " + "; ".join(told["articles"]), markup=False)
    for value in values:
        out.print(f"  {value.parameter.en}: {value.shown('en')} ({value.source})", markup=False)
    for limit in limits:
        words = dict.fromkeys((limit.told().vi, limit.told().en))
        out.print(f"  {' / '.join(words)}: {limit.why.told()}", markup=False)
    for title, vi, en in (
        ("May be innocent", sign.innocent_explanations.vi, sign.innocent_explanations.en),
        ("Ask for", sign.ask_for.vi, sign.ask_for.en),
    ):
        out.print(f"\n{title}:")
        for one, other in zip(vi, en, strict=True):
            out.print(f"  - {one} / {other}", markup=False)
    shown = Table(*rows.column_names, box=None)
    for line in rows.slice(0, FIRST_ROWS).to_pylist():
        shown.add_row(*("" if cell is None else str(cell) for cell in line.values()))
    out.print(f"\nEvidence, {rows.num_rows} rows:")
    out.print(shown)


def _note(sign: Sign, found: str | None, language: str) -> str:
    """What to know before acting on it: the sign is on trial, or not run any more."""
    if sign.retired:
        reason = getattr(sign.retired.reason, language)
        others = ", ".join(sign.retired.replaced_by)
        if language == "vi":
            return f"Dấu hiệu đã ngừng dùng từ {sign.retired.on}: {reason}" + (
                f" Thay bằng {others}." if others else ""
            )
        return f"The sign was retired on {sign.retired.on}: {reason}" + (f" In its place: {others}." if others else "")
    if found in (None, *RANKING):
        return ""
    if language == "vi":
        return "Dấu hiệu đang thử nghiệm: phát hiện chỉ để xem, không tính điểm và không tạo cảnh báo."
    return "The sign is on trial: the finding is for reading alone, without points or warning."


def _excepted(name: str, known: FindingException | None) -> dict[str, str]:
    """What an exception says; only its id if the agency has taken its file away since."""
    if known is None:
        return {"id": name}
    return {
        "id": name,
        "until": str(known.valid_until),
        "why": known.why,
        "by": known.by,
        "approved_by": known.approved_by,
    }
