"""All that one sign rests on: what its SELECT reads itself, by way of views, and by way of signs it needs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from dauhieu.catalogue.parts import binding_digest, identity
from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.compile import Compiled
from dauhieu.compiler.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Definition:
    """Digests of what a sign is made of: what its findings depend on in its own text, in the views and in the other
    signs it reads; and the statutory parameters.

    Two runs with the same definition over the same data find the same. Texts and the status are no part of it.
    """

    made: str
    law: str


@dataclass(slots=True)
class Reach:
    """Names of signs (itself too), tables, tables read with their history, views and statutory parameters."""

    signs: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    history: set[str] = field(default_factory=set)
    views: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)

    def add(self, compiled: Compiled) -> None:
        self.tables |= compiled.tables
        self.history |= compiled.history
        self.parameters |= compiled.parameters


def reach(bench: Workbench, sign: Sign) -> Reach:
    """Follow views and needed signs to their end; SignError when one of them does not compile."""
    found = Reach()
    signs: list[Sign] = [sign]
    while signs:
        one = signs.pop()
        if one.id in found.signs:
            continue
        found.signs.add(one.id)
        compiled = bench.compile(one)
        found.add(compiled)
        _views(bench, compiled, found)
        signs += [bench.catalogue.signs[other] for other in one.needs.signs]
    return found


def definition(bench: Workbench, sign: Sign) -> Definition:
    reached = reach(bench, sign)
    others = [_own(bench.catalogue.signs[name]) for name in sorted(reached.signs - {sign.id})]
    views = [bench.catalogue.views[name].digest for name in sorted(reached.views)]
    return Definition(_digest((_own(sign), *others, *views)), bench.law.digest(reached.parameters))


def _own(sign: Sign) -> str:
    return f"{binding_digest(sign)} {identity(sign)}"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _views(bench: Workbench, compiled: Compiled, found: Reach) -> None:
    for name in sorted(compiled.views - found.views):
        found.views.add(name)
        view = bench.compile_view(bench.catalogue.views[name])
        found.add(view)
        _views(bench, view, found)
