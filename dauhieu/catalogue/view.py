"""A view: a derived table which many signs share, computed once a scan (`views/*.sql`).

The head of the file is comments: `-- vi:`, `-- en:`, `-- grain:` and, where SQL alone will not do,
`-- procedure: components` (the SELECT gives edges `a, b`; the view becomes `node, component`).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from dauhieu.errors import Fault, SignError
from dauhieu.warehouse.contract import Text

HEAD = re.compile(r"^--\s*(vi|en|grain|procedure):\s*(.*)$")
# Two underscores in a row mark relations which the product makes for itself.
NAME = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
# Relations which scans and studies make for themselves, beside those with two underscores.
TAKEN = frozenset(
    (
        "after_change before before_change compared every_finding excepted excepted_finding excepted_subject found "
        "hit month month_finding month_gone month_other named needed_finding now past_scan past_scan_sign "
        "person_survivor person_survivor_next record sign_severity size source_finding standing study_finding "
        "this_finding timed truth unit"
    ).split()
)
PROCEDURES = {"components": ("node", "component")}


@dataclass(frozen=True, slots=True)
class View:
    """One view; `line` is where its SELECT starts. Views of a `site` are seen by its own signs alone."""

    name: str
    meaning: Text
    grain: tuple[str, ...]
    procedure: str | None
    sql: str
    digest: str
    path: Path
    line: int
    site: bool = False


def read_view(path: Path) -> View:
    """Read one view file; SignError when its head is incomplete."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise SignError("The file cannot be read as UTF-8 text.", path=path) from fault
    lines = text.splitlines()
    head: dict[str, str] = {}
    start = next((number for number, line in enumerate(lines) if line.strip() and not line.startswith("--")), 0)
    for line in lines[:start]:
        match = HEAD.match(line)
        if match:
            head[match.group(1)] = match.group(2).strip()
    faults = [
        Fault(path, 1, f"The view needs a line '-- {word}: …' at its head.")
        for word in ("vi", "en", "grain")
        if not head.get(word)
    ]
    if path.stem in TAKEN:
        faults.append(Fault(path, 1, f"'{path.stem}' is a name which scans use themselves. Choose another."))
    if not NAME.match(path.stem):
        faults.append(Fault(path, 1, f"'{path.stem}' is not a name such as employer_month. Rename the file."))
    procedure = head.get("procedure")
    if procedure and procedure not in PROCEDURES:
        faults.append(Fault(path, 1, f"Unknown procedure '{procedure}'. Known: {', '.join(PROCEDURES)}."))
    if faults:
        raise SignError(faults=faults)
    return View(
        name=path.stem,
        meaning=Text(head["vi"], head["en"]),
        grain=tuple(part.strip() for part in head["grain"].split(",")),
        procedure=procedure,
        sql="\n".join(lines[start:]) + "\n",
        digest=hashlib.sha256(text.encode()).hexdigest(),
        path=path,
        line=start + 1,
    )
