"""`docs/mutation.md`: how many weakened conditions of each sign its examples notice, as recorded.

`python -m dauhieu.proof.mutation_page docs/mutation.md` writes the page; `dauhieu check --mutation --cross-fire
--record` measures and records.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from dauhieu.catalogue.catalogue import read_catalogue
from dauhieu.catalogue.tried import Tried, read_tried
from dauhieu.proof.mutation import median_noticed, share_noticed
from dauhieu.warehouse.contract import contract
from dauhieu.warehouse.markdown import grid, page

TITLES = ("dấu hiệu · sign", "làm yếu · weakened", "nhận ra · noticed", "sót · left", "%")


def render(lines: Mapping[str, Tried], signs: Collection[str]) -> str:
    """The page; lines of signs which are no longer there are left out."""
    known = {sign: lines[sign] for sign in sorted(signs) if sign in lines}
    median = median_noticed(share_noticed(line.noticed, line.weakened) for line in known.values())
    return page(
        [
            "# Điều kiện làm yếu · Weakened conditions",
            "Mỗi điều kiện của câu SQL được bỏ đi hoặc nới ra từng cái một; phải có ví dụ nhận ra. "
            "Chỗ sót xem bằng `dauhieu check MÃ --mutation`.",
            "Every condition of a sign's SQL is dropped, or its border moved, one at a time; some example must notice. "
            "What is left is shown by `dauhieu check ID --mutation`. The page is written by "
            "`python -m dauhieu.proof.mutation_page docs/mutation.md` from `dauhieu/catalogue/tried.yaml`.",
            f"Đã đo · Measured: {len(known)} / {len(signs)}. Trung vị · Median: {median / 10_000:.1f} %.",
            grid(TITLES, (_cells(sign, line) for sign, line in known.items())),
        ]
    )


def _cells(sign: str, line: Tried) -> tuple[str, ...]:
    share = share_noticed(line.noticed, line.weakened) / 10_000
    link = f"[{sign}](catalogue/signs/{sign}.md)"
    return link, str(line.weakened), str(line.noticed), str(line.weakened - line.noticed), f"{share:.0f}"


def shipped_page() -> str:
    """The page of the shipped catalogue."""
    catalogue = read_catalogue(contract())
    return render(read_tried(catalogue), [name for name, sign in catalogue.signs.items() if sign.status != "retired"])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(shipped_page(), encoding="utf-8")
