"""The queue and one finding in it: what the store found together with what people decided, both through a scope."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from dauhieu.catalogue.sign import Sign
from dauhieu.scoring.cases import target_column
from dauhieu.warehouse.contract import contract
from dauhieu.web.accounts.models import RoleGrant, User
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.roles import roles_with
from dauhieu.web.accounts.scope import Reach, Scope, TerritoryKind
from dauhieu.web.radar import queries
from dauhieu.web.radar.dossiers import finding_sentence
from dauhieu.web.radar.lake import UNIT_KINDS, Lake, Lent, Rows, listed, text
from dauhieu.web.radar.names import amount_name
from dauhieu.web.signs.shelf import sign as find_sign
from dauhieu.web.triage.filters import ALL, QueueFilters
from dauhieu.web.triage.models import WAITING, SavedView, Step, Triage
from dauhieu.web.triage.words import deed_name, reason_name, state_name
from dauhieu.web.ui.words import language

PAGE = 30
# How many findings of one sign on one unit are decided at once.
MOST_ALIKE = 1_000
SHOWN_EARLIER = 8
QUEUE = "warnings"
KEY_COLUMNS = ("finding_id", "unit_kind", "unit_code")


class Key(NamedTuple):
    """A finding on a unit: a person's may weigh on his employer and on a facility, and each is looked at."""

    finding: str
    kind: str
    code: str

    def __str__(self) -> str:
        return f"{self.finding}:{self.kind}:{self.code}"


def key_of(row: Mapping[str, Any]) -> Key:
    return Key(row["finding_id"], row["unit_kind"], row["unit_code"])


def read_key(written: str) -> Key | None:
    parts = written.split(":", 2)
    return Key(*parts) if len(parts) == 3 and parts[1] in UNIT_KINDS else None


class Decided:
    """What has a triage, once somebody has decided of it."""

    __slots__ = ()
    triage: Triage | None

    @property
    def state(self) -> str:
        return self.triage.state if self.triage else WAITING

    @property
    def version(self) -> int:
        return self.triage.version if self.triage else 0


@dataclass(frozen=True, slots=True)
class QueueRow(Decided):
    """One line of the queue: a finding, and how many others of its sign on the same unit are in the same state."""

    key: Key
    row: Mapping[str, Any]
    unit: str
    province: str
    title: str
    points: int
    amount: int
    alike: int
    is_new: bool
    triage: Triage | None


@dataclass(frozen=True, slots=True)
class Queue:
    rows: tuple[QueueRow, ...]
    # Lines, and the findings in them.
    total: int
    findings: int
    page: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // PAGE))


def queue(lake: Lake, scope: Scope, user: User, filters: QueueFilters) -> Queue:
    lent, chosen = _decided(scope, user, filters)
    alone = "finding_id" if filters.each or (filters.unit and filters.sign) else "sign_id"
    named = "SEMI JOIN named AS n ON n.unit_kind = f.unit_kind AND n.unit_code = f.unit_code" if filters.search else ""
    steps = {
        "pointed": "SELECT as_of, subject_kind AS unit_kind, subject_code AS unit_code, "
        "any_value(subject_id) AS unit_id, CAST(sum(points) AS INTEGER) AS points FROM reason GROUP BY ALL",
        "named": "SELECT DISTINCT subject_kind AS unit_kind, subject_code AS unit_code FROM reason "
        f"WHERE {queries.sought(filters.search)}",
        "line": f"""
            SELECT f.*, p.points, p.unit_id, CAST(count(*) OVER same AS INTEGER) AS alike,
                   CAST(coalesce(sum(f.amount) OVER same, 0) AS BIGINT) AS total,
                   bool_or(f.state = 'new') OVER same AS is_new,
                   row_number() OVER (same ORDER BY f.amount DESC NULLS LAST, f.finding_id) AS place
            FROM (SELECT * EXCLUDE (facts) FROM finding WHERE {filters.conditions}) AS f
            JOIN pointed AS p USING (as_of, unit_kind, unit_code)
            {chosen}
            {named}
            WINDOW same AS (PARTITION BY f.unit_kind, f.unit_code, f.{alone})""",
    }
    order = {"points": "", "amount": "total DESC, ", "new": "is_new DESC, "}[filters.order]

    def page_of(number: int) -> Rows:
        return lake.ask(
            scope,
            "SELECT *, CAST(count(*) OVER () AS INTEGER) AS lines, CAST(sum(alike) OVER () AS INTEGER) AS findings "
            f"FROM line WHERE place = 1 ORDER BY {order}points DESC, unit_kind, unit_code, total DESC, sign_id, "
            f"finding_id LIMIT {PAGE} OFFSET {(number - 1) * PAGE}",
            lent,
            **steps,
        )

    # After a deed the last page may be gone.
    rows = page_of(filters.page) or page_of(1)
    page = filters.page if rows and rows[0]["lines"] > (filters.page - 1) * PAGE else 1
    lines, number = (rows[0]["lines"], rows[0]["findings"]) if rows else (0, 0)
    return Queue(_lines(lake, scope, rows), lines, number, page)


def _decided(scope: Scope, user: User, filters: QueueFilters) -> tuple[Lent | None, str]:
    """Rows of the site which say which findings are in or out, and the join which uses them."""
    rows = Triage.objects.within(scope)
    if filters.holder == "me":
        rows = rows.filter(holder=user)
    elif filters.holder == "nobody" and filters.state not in (WAITING, ALL):
        rows = rows.filter(holder__isnull=True)
    keys = "d.finding_id = f.finding_id AND d.unit_kind = f.unit_kind AND d.unit_code = f.unit_code"
    if filters.holder == "me" or filters.state not in (WAITING, ALL):
        join = f"SEMI JOIN decided AS d ON {keys}"
        if filters.state != ALL:
            rows = rows.filter(state=filters.state)
    elif filters.state == WAITING:
        join = f"ANTI JOIN decided AS d ON {keys}"
        free = {"holder__isnull": True} if filters.holder == "nobody" else {}
        rows = rows.exclude(state=WAITING, **free)
    elif filters.holder == "nobody":
        join = f"ANTI JOIN decided AS d ON {keys}"
        rows = rows.filter(holder__isnull=False)
    else:
        return None, ""
    return Lent("decided", KEY_COLUMNS, tuple(rows.order_by("pk").values_list(*KEY_COLUMNS))), join


def _lines(lake: Lake, scope: Scope, rows: Rows) -> tuple[QueueRow, ...]:
    names = queries.unit_names(lake, ((row["unit_kind"], row["unit_id"]) for row in rows))
    provinces = queries.province_names(lake, "34")
    decided = triages(scope, (key_of(row) for row in rows))
    return tuple(
        QueueRow(
            key=key_of(row),
            row=row,
            unit=names.get((row["unit_kind"], row["unit_id"])) or row["unit_code"],
            province=provinces.get(row["province"], ""),
            title=sign_title(row["sign_id"]),
            points=row["points"],
            amount=row["total"],
            alike=row["alike"],
            is_new=row["is_new"],
            triage=decided.get(key_of(row)),
        )
        for row in rows
    )


def sign_title(name: str) -> str:
    """A sign which the catalogue no longer has keeps its id."""
    found = find_sign(name)
    return str(getattr(found.title, language())) if found else name


def triages(scope: Scope, keys: Iterable[Key]) -> dict[Key, Triage]:
    wanted = {*keys}
    rows = Triage.objects.within(scope).filter(finding_id__in={key.finding for key in wanted}).select_related("holder")
    found = {Key(row.finding_id, row.unit_kind, row.unit_code): row for row in rows}
    return {key: row for key, row in found.items() if key in wanted}


def findings(lake: Lake, scope: Scope, keys: Iterable[Key]) -> dict[Key, Mapping[str, Any]]:
    """Of those which lie in the scope, each as its newest scan tells it."""
    wanted = {*keys}
    if not wanted:
        return {}
    rows = lake.ask(
        scope,
        f"SELECT * FROM finding WHERE finding_id IN ({listed(sorted({key.finding for key in wanted}))}) "
        "QUALIFY row_number() OVER (PARTITION BY finding_id, unit_kind, unit_code ORDER BY as_of DESC) = 1",
    )
    return {key: row for row in rows if (key := key_of(row)) in wanted}


def alike(lake: Lake, scope: Scope, row: Mapping[str, Any]) -> tuple[Key, ...]:
    """The findings of the same sign on the same unit in the same month, the given one among them."""
    rows = lake.ask(
        scope,
        f"SELECT finding_id, unit_kind, unit_code FROM finding WHERE as_of = {text(row['as_of'])} "
        f"AND sign_id = {text(row['sign_id'])} AND unit_kind = {text(row['unit_kind'])} "
        f"AND unit_code = {text(row['unit_code'])} ORDER BY amount DESC NULLS LAST, finding_id LIMIT {MOST_ALIKE}",
    )
    return tuple(key_of(one) for one in rows)


@dataclass(frozen=True, slots=True)
class Told:
    """One step of what became of a finding."""

    at: datetime
    who: str
    did: str
    to: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A decision on another finding of the same unit."""

    key: Key
    title: str
    state: str
    state_name: str
    reason: str
    words: str
    at: datetime
    who: str
    same_sign: bool


@dataclass(frozen=True, slots=True)
class Panel(Decided):
    """One finding with all that helps to decide."""

    key: Key
    row: Mapping[str, Any]
    sign: Sign | None
    title: str
    sentence: str
    innocent: tuple[str, ...]
    ask_for: tuple[str, ...]
    amount_name: str
    unit: str
    points: int
    reasons: tuple[Mapping[str, Any], ...]
    months: tuple[date, ...]
    # Whether the newest scan still finds it.
    is_in_newest: bool
    waiting_alike: int
    triage: Triage | None
    steps: tuple[Told, ...]
    earlier: tuple[Earlier, ...]
    cases: tuple[Mapping[str, Any], ...]
    colleagues: tuple[User, ...]


def panel(lake: Lake, scope: Scope, user: User, key: Key) -> Panel | None:
    """None where the finding does not lie in the scope."""
    found = lake.ask(
        scope,
        f"SELECT * FROM finding WHERE finding_id = {text(key.finding)} AND unit_kind = {text(key.kind)} "
        f"AND unit_code = {text(key.code)} ORDER BY as_of",
    )
    if not found:
        return None
    row = found[-1]
    sign = find_sign(row["sign_id"])
    reasons = lake.ask(
        scope,
        f"SELECT * FROM reason WHERE as_of = {text(row['as_of'])} AND subject_kind = {text(key.kind)} "
        f"AND subject_code = {text(key.code)} ORDER BY points DESC, violation",
    )
    unit_id = reasons[0]["subject_id"] if reasons else None
    decided = triages(scope, [key]).get(key)
    others = [one for one in alike(lake, scope, row) if one != key]
    closed = {one for one, triage in triages(scope, others).items() if triage.state != WAITING}
    return Panel(
        key=key,
        row=row,
        sign=sign,
        title=sign_title(row["sign_id"]),
        sentence=finding_sentence(sign, row) if sign else "",
        innocent=getattr(sign.innocent_explanations, language()) if sign else (),
        ask_for=getattr(sign.ask_for, language()) if sign else (),
        amount_name=amount_name(row["amount_kind"]),
        unit=queries.unit_names(lake, [(key.kind, unit_id)]).get((key.kind, unit_id)) or key.code,
        points=sum(one["points"] for one in reasons),
        reasons=tuple({**one, "title": queries.violation_title(one["violation"])} for one in reasons[:3]),
        months=tuple(one["as_of"] for one in found),
        is_in_newest=row["as_of"] == lake.months[-1],
        waiting_alike=len(others) - len(closed),
        triage=decided,
        steps=_steps(decided),
        earlier=_earlier(scope, key, row["sign_id"]),
        cases=_cases(lake, scope, key, unit_id),
        colleagues=tuple(one for one in colleagues([row]) if one != user),
    )


def _steps(decided: Triage | None) -> tuple[Told, ...]:
    if decided is None:
        return ()
    rows = Step.objects.filter(triage_id=decided.pk).select_related("handed_to")[:SHOWN_EARLIER]
    names = full_names(row.by for row in rows)
    return tuple(
        Told(
            row.at,
            names.get(row.by, row.by),
            deed_name(row.did),
            row.handed_to.get_full_name() if row.handed_to else "",
            reason_name(row.reason),
            row.words,
        )
        for row in rows
    )


def full_names(accounts: Iterable[str]) -> Mapping[str, str]:
    users = User.objects.filter(username__in={*accounts})
    return {user.username: user.get_full_name() for user in users}


def _earlier(scope: Scope, key: Key, sign: str) -> tuple[Earlier, ...]:
    """What was decided of other findings on the unit: of the same sign first, then the newest."""
    rows = (
        Triage.objects.within(scope)
        .filter(unit_kind=key.kind, unit_code=key.code)
        .exclude(finding_id=key.finding)
        .exclude(state=WAITING)
        .order_by("-changed_at")[:100]
    )
    rows = sorted(rows, key=lambda row: row.sign_id != sign)[:SHOWN_EARLIER]
    names = full_names(row.changed_by for row in rows)
    return tuple(
        Earlier(
            Key(row.finding_id, row.unit_kind, row.unit_code),
            sign_title(row.sign_id),
            row.state,
            state_name(row.state),
            reason_name(row.reason),
            row.words,
            row.changed_at,
            names.get(row.changed_by, row.changed_by),
            row.sign_id == sign,
        )
        for row in rows
    )


def _cases(lake: Lake, scope: Scope, key: Key, unit_id: int | None) -> Rows:
    """Checks of the unit which the store knows, the newest first."""
    column = target_column(contract(), key.kind)
    if column is None or unit_id is None:
        return ()
    return lake.ask(
        scope,
        f"SELECT c.decision_date, c.conclusion_date, c.status, c.finding_amount FROM stored_inspection_case AS c "
        f"JOIN unit AS u ON u.subject_kind = {text(key.kind)} AND u.subject_id = c.{column} "
        f"WHERE c.{column} = {unit_id} AND c.superseded_at IS NULL ORDER BY c.decision_date DESC LIMIT {SHOWN_EARLIER}",
    )


def colleagues(rows: Sequence[Mapping[str, Any]]) -> tuple[User, ...]:
    """Who may decide of every one of these findings, by name."""
    able_to = RoleGrant.objects.in_force().filter(role__in=roles_with(Permission.TRIAGE), user__is_active=True)
    grants = able_to.select_related("user")
    reaches: dict[User, list[Reach]] = {}
    for grant in grants:
        reaches.setdefault(grant.user, []).append(Reach(grant.territory_kind, grant.territory_code, grant.branch))
    able = [user for user, mine in reaches.items() if all(any(_covers(one, row) for one in mine) for row in rows)]
    return tuple(sorted(able, key=lambda user: user.get_full_name()))


PLACES = {
    TerritoryKind.PROVINCE: "province",
    TerritoryKind.FORMER_PROVINCE: "former_province",
    TerritoryKind.OFFICE: "org_code",
}


def _covers(reach: Reach, row: Mapping[str, Any]) -> bool:
    here = reach.kind == TerritoryKind.NATION or row[PLACES[TerritoryKind(reach.kind)]] == reach.code
    return here and reach.branch in ("", row["branch"])


def saved_views(user: User) -> tuple[SavedView, ...]:
    return tuple(SavedView.objects.filter(user=user, place=QUEUE).exclude(name=""))


def left_off(user: User) -> SavedView | None:
    return SavedView.objects.filter(user=user, place=QUEUE, name="").first()


def before_of(row: Triage) -> str:
    """What a step keeps, so that it can be undone."""
    kept = {"state": row.state, "reason": row.reason, "words": row.words, "holder": row.holder_id, "due": row.due}
    return json.dumps(kept, default=str, ensure_ascii=False)
