"""Persons whom a list of workers brings: who they are lands in `person_identity`, if the store does not know them.

What an employer writes of a person who is known says nothing new: the agency's own registration stands. A person is
known who stands, under any of the numbers on the line, in a table of persons of the store or of the delivery.
"""

from __future__ import annotations

from dauhieu.deliveries.landing import Landing
from dauhieu.engines.base import Engine
from dauhieu.warehouse.intake import Mode
from dauhieu.warehouse.staged import NUMBERS
from dauhieu.warehouse.store import Store

IDENTITY = "person_identity"
PERSONS = ("person", IDENTITY, "person_link")


def keep_new_identities(landing: Landing, engine: Engine, store: Store, mode: Mode) -> None:
    """Leave out the identities, made of lines, of persons who are known."""
    made = next((parts for parts in landing.parts() if parts.table == IDENTITY and parts.split), None)
    if made is None:
        return
    # Those on a list of workers are never all persons there are.
    if mode == "whole":
        landing.drop(made)
        return
    engine.register("made", landing.input(made))
    codes = " UNION ".join(f"SELECT person_code, {name} AS code FROM made" for name in ("person_code", *NUMBERS))
    engine.materialise("asked", f"SELECT * FROM ({codes}) WHERE code <> ''")
    sources = [*_delivered(landing, engine), *_stored(engine, store)]
    known = " UNION ALL ".join(["SELECT '' AS code", *sources])
    engine.materialise("known", f"SELECT DISTINCT person_code FROM asked WHERE code IN ({known})")
    if engine.rows("SELECT 1 FROM made WHERE person_code NOT IN (FROM known) LIMIT 1"):
        landing.rewrite(made, "SELECT * FROM staged WHERE person_code NOT IN (FROM known)")
    else:
        landing.drop(made)


def _delivered(landing: Landing, engine: Engine) -> list[str]:
    """The codes of the persons which the delivery brings as rows of their own."""
    found = []
    for parts in landing.parts():
        if parts.table in PERSONS and not parts.split:
            engine.register(f"delivered_{parts.table}", landing.input(parts))
            names = ("person_code", *NUMBERS) if parts.table == IDENTITY else ("person_code",)
            found += [f"SELECT {name} FROM delivered_{parts.table}" for name in names]
    return found


def _stored(engine: Engine, store: Store) -> list[str]:
    latest = store.latest()
    if latest is None:
        return []
    engine.register("key_person", store.input(latest, "key_person"))
    engine.materialise("ids", "SELECT code, id FROM key_person WHERE code IN (SELECT code FROM asked)")
    found = []
    for table in PERSONS:
        engine.register(f"stored_{table}", store.input(latest, table))
        current = f"SELECT person_id FROM stored_{table} WHERE superseded_at IS NULL"
        found.append(f"SELECT code FROM ids WHERE id IN ({current})")
    return found
