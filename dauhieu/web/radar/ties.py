"""Employers which share something: who stands for or owns them, an address, a bank account, a telephone, an agent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dauhieu.web.accounts.scope import Scope
from dauhieu.web.radar import queries
from dauhieu.web.radar.lake import Lake, text
from dauhieu.web.radar.names import status_name, tie_name

# What more units than this have in common says nothing: the telephone of an accounting office, a block of offices.
MOST_SHARERS = 20
SHOWN, DRAWN = 50, 10
# The picture: its width, where the employer and the others stand, room above and below, and from one to the next.
WIDTH, LEFT, RIGHT, EDGE, STEP = 900, 130, 560, 50, 60
MOST_LETTERS = 36


@dataclass(frozen=True, slots=True)
class Tied:
    """Another employer in the scope; `points` is None where nothing was found on it in the month."""

    code: str
    name: str
    shares: tuple[str, ...]
    status: str
    points: int | None


@dataclass(frozen=True, slots=True)
class Node:
    """Where a unit stands in the picture, and the middle of its line."""

    tied: Tied
    label: str
    x: int
    y: int
    middle_x: int
    middle_y: int


@dataclass(frozen=True, slots=True)
class Ties:
    rows: tuple[Tied, ...]
    nodes: tuple[Node, ...]

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def left(self) -> int:
        return LEFT

    @property
    def height(self) -> int:
        return _height(len(self.nodes))

    @property
    def middle(self) -> int:
        return self.height // 2


def ties_of(lake: Lake, scope: Scope, month: date, employer_id: int) -> Ties | None:
    """None where the employer shares nothing with another in the scope."""
    rows = lake.ask(
        scope,
        f"""
        SELECT k.id, k.code, any_value(u.status) AS status, list_sort(list(DISTINCT s.kind)) AS kinds
        FROM shared AS s
        JOIN stored_key_employer AS k ON k.id = s.employer_id
        JOIN unit AS u ON u.subject_kind = 'employer' AND u.subject_id = s.employer_id
        GROUP BY ALL ORDER BY len(kinds) DESC, k.code LIMIT {SHOWN}""",
        mine=f"SELECT DISTINCT kind, key FROM tie WHERE employer_id = {employer_id}",
        sharers=f"""
            SELECT DISTINCT t.kind, t.key, t.employer_id FROM tie AS t
            JOIN mine AS m ON m.kind = t.kind AND m.key = t.key WHERE t.employer_id <> {employer_id}""",
        shared=f"""
            SELECT kind, employer_id FROM sharers
            QUALIFY count(*) OVER (PARTITION BY kind, key) < {MOST_SHARERS}""",
    )
    if not rows:
        return None
    names = queries.unit_names(lake, (("employer", row["id"]) for row in rows))
    ids = ", ".join(str(row["id"]) for row in rows)
    points = {
        row["id"]: row["points"]
        for row in lake.ask(
            scope,
            "SELECT subject_id AS id, CAST(sum(points) AS INTEGER) AS points FROM reason "
            f"WHERE subject_kind = 'employer' AND as_of = {text(month)} AND subject_id IN ({ids}) GROUP BY 1",
        )
    }
    tied = tuple(
        Tied(
            row["code"],
            names.get(("employer", row["id"])) or row["code"],
            tuple(tie_name(kind) for kind in row["kinds"]),
            status_name(row["status"]),
            points.get(row["id"]),
        )
        for row in rows
    )
    return Ties(tied, _drawn(tied[:DRAWN]))


def _drawn(tied: tuple[Tied, ...]) -> tuple[Node, ...]:
    """One below the other at the right; the employer stands at the left, halfway down."""
    middle = _height(len(tied)) // 2
    return tuple(
        Node(
            one,
            one.name if len(one.name) <= MOST_LETTERS else one.name[: MOST_LETTERS - 1] + "…",
            RIGHT,
            (y := EDGE + STEP * number),
            (LEFT + RIGHT) // 2,
            # On the line, and far enough along it to lie apart from the words of the next.
            round(middle + (y - middle) / 2) - 6,
        )
        for number, one in enumerate(tied)
    )


def _height(number: int) -> int:
    return 2 * EDGE + STEP * (number - 1)
