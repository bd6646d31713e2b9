"""`docs/mutation.md`: how many weakened conditions of each sign its examples notice.

`python -m dauhieu.proof.mutation_page docs/mutation.md [IDS]` measures the signs whose ids begin so (all if none is
given) and writes their rows anew; rows of other signs stay as they were measured.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dauhieu.catalogue.catalogue import read_catalogue, read_sign_examples
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.law.read import law
from dauhieu.proof.examples import ExampleRunner
from dauhieu.proof.mutation import MILLION, MutationScore, median_noticed, mutation_score
from dauhieu.warehouse.contract import contract
from dauhieu.warehouse.markdown import grid, page

ROW = re.compile(r"^\| \[(?P<sign>[\w-]+)\]\S* \| (?P<mutants>\d+) \| (?P<noticed>\d+) \|", re.MULTILINE)
TITLES = ("dấu hiệu · sign", "làm yếu · weakened", "nhận ra · noticed", "sót · left", "%")


@dataclass(frozen=True, slots=True)
class Row:
    """Of `mutants` weakened conditions of a sign the examples notice `noticed`."""

    mutants: int
    noticed: int

    @property
    def ppm(self) -> int:
        return self.noticed * MILLION // self.mutants if self.mutants else MILLION


def row_of(score: MutationScore) -> Row:
    return Row(score.mutants, score.mutants - len(score.survivors))


def read_rows(text: str) -> dict[str, Row]:
    """The rows of a page written before."""
    return {found["sign"]: Row(int(found["mutants"]), int(found["noticed"])) for found in ROW.finditer(text)}


def render(rows: Mapping[str, Row], signs: Collection[str]) -> str:
    """The page; rows of signs which are no longer there are left out."""
    known = {sign: rows[sign] for sign in sorted(signs) if sign in rows}
    median = median_noticed(
        [MutationScore(sign, row.mutants, ("",) * (row.mutants - row.noticed)) for sign, row in known.items()]
    )
    return page(
        [
            "# Điều kiện làm yếu · Weakened conditions",
            "Mỗi điều kiện của câu SQL được bỏ đi hoặc nới ra từng cái một; phải có ví dụ nhận ra. "
            "Chỗ sót xem bằng `dauhieu check MÃ --mutation`.",
            "Every condition of a sign's SQL is dropped, or its border moved, one at a time; some example must notice. "
            "What is left is shown by `dauhieu check ID --mutation`. "
            "`python -m dauhieu.proof.mutation_page docs/mutation.md [IDS]` measures the signs named and writes "
            "their rows.",
            f"Đã đo · Measured: {len(known)} / {len(signs)}. Trung vị · Median: {median / 10_000:.1f} %.",
            grid(TITLES, (_cells(sign, row) for sign, row in known.items())),
        ]
    )


def _cells(sign: str, row: Row) -> tuple[str, ...]:
    left = row.mutants - row.noticed
    link = f"[{sign}](catalogue/signs/{sign}.md)"
    return link, str(row.mutants), str(row.noticed), str(left), f"{row.ppm / 10_000:.0f}"


def measure(path: Path, beginnings: Iterable[str]) -> None:
    """Measure signs one by one; the page is written after each, so that what is measured stays."""
    catalogue = read_catalogue(contract())
    rows = read_rows(path.read_text(encoding="utf-8")) if path.exists() else {}
    signs = [name for name, sign in catalogue.signs.items() if sign.status != "retired"]
    with DuckDBEngine(EngineOptions(memory="1GB", threads=1)) as engine:
        runner = ExampleRunner(engine, contract(), catalogue, law())
        for name in [name for name in signs if name.startswith(tuple(beginnings) or "")]:
            sign = catalogue.signs[name]
            rows[name] = row_of(mutation_score(sign, read_sign_examples(sign, contract()), runner))
            path.write_text(render(rows, signs), encoding="utf-8")


if __name__ == "__main__":
    measure(Path(sys.argv[1]), sys.argv[2:])
