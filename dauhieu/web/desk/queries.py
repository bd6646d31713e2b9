from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.scope import Scope
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry
from dauhieu.web.editor.models import DraftTrial
from dauhieu.web.exports.models import Export
from dauhieu.web.jobs.models import Job
from dauhieu.web.jobs.words import TONES, job_state
from dauhieu.web.radar import queries as radar
from dauhieu.web.radar.lake import UNIT_KINDS, Lake, listed, text
from dauhieu.web.scans.models import Order
from dauhieu.web.scans.words import doing_words
from dauhieu.web.sources.models import Sending
from dauhieu.web.triage.models import ACKNOWLEDGED, HAND, PLANNED, WAITING, Step, Triage
from dauhieu.web.triage.queries import Key, findings, full_names, sign_title
from dauhieu.web.ui.words import written

SHOWN = 50
SHOWN_JOBS = 8
SHOWN_READS = 6
# How far back to look for the units last read.
READS = 200

Unit = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Held:
    """One finding which is with the account."""

    key: Key
    triage: Triage
    title: str
    unit: str
    handed_by: str
    # The newest scan no longer finds it.
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """One unit of the account's plan, with what was found there and put into it."""

    kind: str
    code: str
    unit: str
    points: int
    findings: int
    amount: int
    signs: tuple[str, ...]
    due: date | None
    is_late: bool


def held(lake: Lake, scope: Scope, user: User) -> tuple[Held, ...]:
    """What was handed to the account or acknowledged by it, what came last first."""
    mine = Triage.objects.within(scope).filter(holder=user, state__in=(WAITING, ACKNOWLEDGED))
    rows = list(mine.order_by("-changed_at", "pk")[:SHOWN])
    keys = {row.pk: Key(row.finding_id, row.unit_kind, row.unit_code) for row in rows}
    there = findings(lake, scope, keys.values())
    names = unit_names(lake, scope, ((row.unit_kind, row.unit_code) for row in rows))
    handed = {
        step.triage_id: step.by
        for step in Step.objects.filter(triage_id__in=keys, did=HAND, handed_to=user).order_by("at", "pk")
    }
    accounts = full_names(handed.values())
    return tuple(
        Held(
            keys[row.pk],
            row,
            sign_title(row.sign_id),
            names.get((row.unit_kind, row.unit_code), row.unit_code),
            accounts.get(handed.get(row.pk, ""), handed.get(row.pk, "")),
            there.get(keys[row.pk], {}).get("as_of") != lake.months[-1],
        )
        for row in rows
    )


def plan(lake: Lake, scope: Scope, user: User, today: date) -> tuple[Visit, ...]:
    """The units of the account's plan, what is due first."""
    units: dict[Unit, list[Triage]] = {}
    for row in Triage.objects.within(scope).filter(holder=user, state=PLANNED).order_by("pk"):
        units.setdefault((row.unit_kind, row.unit_code), []).append(row)
    names, points = unit_names(lake, scope, units), unit_points(lake, scope, units)
    visits = []
    for (kind, code), rows in units.items():
        due = min((row.due for row in rows if row.due), default=None)
        visits.append(
            Visit(
                kind,
                code,
                names.get((kind, code), code),
                points.get((kind, code), 0),
                len(rows),
                sum(row.amount or 0 for row in rows),
                tuple(dict.fromkeys(sign_title(row.sign_id) for row in rows)),
                due,
                due is not None and due < today,
            )
        )
    return tuple(sorted(visits, key=lambda one: (one.due or date.max, -one.points, one.code)))


def _of(units: Iterable[Unit]) -> str:
    wanted = {f"{kind}:{code}" for kind, code in units}
    return f"subject_kind || ':' || subject_code IN ({listed(sorted(wanted))})"


def unit_names(lake: Lake, scope: Scope, units: Iterable[Unit]) -> Mapping[Unit, str]:
    """Of units in the scope which were warned of."""
    if not (wanted := {*units}):
        return {}
    rows = lake.ask(scope, f"SELECT DISTINCT subject_kind, subject_code, subject_id FROM reason WHERE {_of(wanted)}")
    named = radar.unit_names(lake, ((row["subject_kind"], row["subject_id"]) for row in rows))
    return {
        (row["subject_kind"], row["subject_code"]): named.get((row["subject_kind"], row["subject_id"]))
        or row["subject_code"]
        for row in rows
    }


def unit_points(lake: Lake, scope: Scope, units: Iterable[Unit]) -> Mapping[Unit, int]:
    """In the newest month."""
    if not (wanted := {*units}):
        return {}
    rows = lake.ask(
        scope,
        "SELECT subject_kind, subject_code, CAST(sum(points) AS INTEGER) AS points FROM reason "
        f"WHERE as_of = {text(lake.months[-1])} AND {_of(wanted)} GROUP BY ALL",
    )
    return {(row["subject_kind"], row["subject_code"]): row["points"] for row in rows}


def last_read(lake: Lake, scope: Scope, user: User) -> tuple[tuple[str, str, str], ...]:
    """Kind, code and name of the units whose pages the account read last, as far as it may still."""
    subjects = Entry.objects.filter(actor=user.username, act=Act.UNIT_READ).values_list("subject", flat=True)[:READS]
    units = [(kind, code) for kind, _colon, code in (one.partition(":") for one in subjects) if kind in UNIT_KINDS]
    wanted = list(dict.fromkeys(units))[: SHOWN_READS * 2]
    names = unit_names(lake, scope, wanted)
    return tuple((*unit, names[unit]) for unit in wanted if unit in names)[:SHOWN_READS]


@dataclass(frozen=True, slots=True)
class MyJob:
    """One job of the account, with its own page where it has one."""

    title: str
    url: str
    state: str
    tone: str
    doing: str
    percent: int
    at: datetime
    is_open: bool


def jobs(user: User) -> tuple[MyJob, ...]:
    """What the account asked for, the newest first."""
    rows = list(Job.objects.filter(asked_by=user.username).order_by("-enqueued_at")[:SHOWN_JOBS])
    orders = {order.job_id: order for order in Order.objects.filter(job__in=rows)}
    sendings = {one.job: one for one in Sending.objects.filter(job__in=[row.pk for row in rows])}
    trials = {one.job_id: one for one in DraftTrial.objects.filter(job__in=rows).select_related("draft")}
    exports = {one.job_id: one for one in Export.objects.filter(job__in=rows)}
    return tuple(
        _job(row, orders.get(row.pk), sendings.get(row.pk), trials.get(row.pk), exports.get(row.pk)) for row in rows
    )


def _job(
    row: Job, order: Order | None, sending: Sending | None, trial: DraftTrial | None, export: Export | None
) -> MyJob:
    title, url, doing = _("Work of the site"), "", ""
    if order is not None:
        title = _("Scan of %(month)s") % {"month": written("month", order.as_of)}
        url = reverse("scan", args=[order.scan_id]) if order.scan_id else reverse("scan_order", args=[order.pk])
        doing = doing_words(row.doing) if row.state == "running" else ""
    elif sending is not None:
        title = _("Delivery of %(name)s") % {"name": sending.name}
        url = reverse("sending", args=[sending.pk])
    elif trial is not None:
        title = _("Trial of a sign")
        url = reverse("draft_trial", args=[trial.draft_id, trial.pk])
    elif export is not None:
        title, url = _("A large export"), reverse("export", args=[export.pk])
    return MyJob(
        title,
        url,
        job_state(row.state, row.cancel_asked),
        TONES[row.state],
        doing,
        row.percent,
        row.enqueued_at,
        row.state in ("ready", "running"),
    )


def totals(rows: Iterable[Held], visits: Iterable[Visit]) -> Mapping[str, Any]:
    """The figures at the top: what waits, what is late, what is to be had at the units of the plan."""
    visits = [*visits]
    return {
        "held": len([*rows]),
        "late": sum(one.is_late for one in visits),
        "units": len(visits),
        "amount": sum(one.amount for one in visits),
    }
