"""What a sign must have shown before it rises: proof, not age. Each condition says what it saw.

`experimental` needs a green ladder. `test`, which ranks, also needs to have found what was there: planted wrongs, or
real months without a silent one. `stable`, which may open cases, also needs what cases established, and two people
who answer for it. Proof counts for the text it was made with, and for no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from dauhieu.catalogue.parts import binding_digest
from dauhieu.catalogue.record import Proved, Record
from dauhieu.catalogue.sign import STATUSES, Sign
from dauhieu.errors import Fault
from dauhieu.proof.planted import PROVABLE
from dauhieu.scoring.interval import share
from dauhieu.warehouse.contract import Text

RISES_TO = ("experimental", "test", "stable")
# Half of what was planted: a sign which misses more is a draft of another.
LEAST_RECALL_PERCENT = 50
# Half a year holds every quarterly and most seasonal habits.
LEAST_MONTHS = 6
# With 30 judged findings, 21 of them confirmed, the lower bound of the confirmed share passes a half.
LEAST_JUDGED = 30
LEAST_CONFIRMED_PERCENT = 50
SIGNERS = 2


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: what is wanted, whether it is met, and what was seen."""

    name: str
    wanted: Text
    met: bool
    seen: Text


def as_json(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    return [asdict(condition) for condition in conditions]


def rises(sign: Sign, to: str) -> bool:
    return STATUSES.index(to) > STATUSES.index(sign.status)


def next_status(sign: Sign) -> str | None:
    """What a sign may become next, None for one at the end of its way."""
    place = STATUSES.index(sign.status)
    return STATUSES[place + 1] if STATUSES[place + 1 : place + 2] and STATUSES[place + 1] in RISES_TO else None


def conditions(
    sign: Sign, to: str, faults: Iterable[Fault], record: Record, signers: Iterable[str] = ()
) -> tuple[Condition, ...]:
    """All conditions of a status; `faults` are what the ladder says of the sign."""
    found = [_ladder(tuple(faults))]
    if to in ("test", "stable"):
        found.append(_shown(sign, record))
    if to == "stable":
        found += [_confirmed(sign, record), _signed(signers)]
    return tuple(found)


def _ladder(faults: tuple[Fault, ...]) -> Condition:
    seen = Text("không có lỗi", "no fault")
    if faults:
        seen = Text(
            f"{len(faults)} lỗi; đầu tiên: {faults[0].message}", f"{len(faults)} faults; first: {faults[0].message}"
        )
    wanted = Text("mọi bước kiểm tra đều đạt", "every step of the ladder is green")
    return Condition("ladder", wanted, not faults, seen)


def _shown(sign: Sign, record: Record) -> Condition:
    """Recall on planted truth, or a back-test in which no month is silent."""
    text = binding_digest(sign)
    planted, tested = record.latest("planted", text), record.latest("backtest", text)
    seen = [*_planted_seen(planted), *_backtest_seen(tested)]
    if not seen:
        older = bool(record.proofs)
        seen = [
            Text(
                "bằng chứng đã có là của nội dung khác" if older else "chưa có bằng chứng",
                "the proofs there are belong to another text" if older else "no proof yet",
            )
        ]
    wanted = Text(
        f"tìm được ít nhất {LEAST_RECALL_PERCENT}% của ít nhất {PROVABLE} đối tượng cài sẵn, hoặc chạy lại ít nhất "
        f"{LEAST_MONTHS} tháng mà không tháng nào im lặng",
        f"finds at least {LEAST_RECALL_PERCENT} % of at least {PROVABLE} planted subjects, or a back-test of at least "
        f"{LEAST_MONTHS} months none of which is silent",
    )
    met = _recalls(planted) or _never_silent(tested)
    return Condition("shown", wanted, met, Text("; ".join(t.vi for t in seen), "; ".join(t.en for t in seen)))


def _recalls(proof: Proved | None) -> bool:
    if proof is None:
        return False
    hits, of = proof.figures["hits"], proof.figures["of"]
    return bool(of >= PROVABLE and hits * 100 >= of * LEAST_RECALL_PERCENT)


def _never_silent(proof: Proved | None) -> bool:
    return bool(proof and proof.figures["months"] >= LEAST_MONTHS and not proof.figures["silent"])


def _planted_seen(proof: Proved | None) -> list[Text]:
    if proof is None:
        return []
    hits, of = proof.figures["hits"], proof.figures["of"]
    return [Text(f"tìm được {hits} trên {of} đối tượng cài sẵn", f"found {hits} of {of} planted subjects")]


def _backtest_seen(proof: Proved | None) -> list[Text]:
    if proof is None:
        return []
    months, silent = proof.figures["months"], proof.figures["silent"]
    return [Text(f"chạy lại {months} tháng, {silent} tháng im lặng", f"back-test of {months} months, {silent} silent")]


def _confirmed(sign: Sign, record: Record) -> Condition:
    """The lower bound of the confirmed share, so that a few lucky cases do not carry a sign."""
    proof = record.latest("outcomes", binding_digest(sign))
    judged, confirmed = (proof.figures["judged"], proof.figures["confirmed"]) if proof else (0, 0)
    part = share(confirmed, judged)
    met = judged >= LEAST_JUDGED and part.low is not None and part.low * 100 >= LEAST_CONFIRMED_PERCENT
    seen = Text("chưa có phát hiện nào được kết luận", "no finding has been judged yet")
    if part.low is not None:
        seen = Text(
            f"xác nhận {confirmed} trên {judged}, cận dưới 95%: {part.low:.0%}",
            f"{confirmed} of {judged} confirmed, lower bound of 95 %: {part.low:.0%}",
        )
    wanted = Text(
        f"ít nhất {LEAST_JUDGED} phát hiện đã kết luận, cận dưới của tỷ lệ xác nhận từ {LEAST_CONFIRMED_PERCENT}%",
        f"at least {LEAST_JUDGED} judged findings, lower bound of the confirmed share {LEAST_CONFIRMED_PERCENT} %",
    )
    return Condition("outcomes", wanted, met, seen)


def _signed(signers: Iterable[str]) -> Condition:
    names = {" ".join(name.split()).casefold() for name in signers if name.strip()}
    wanted = Text(f"{SIGNERS} người khác nhau ký", f"{SIGNERS} different people sign")
    return Condition("signers", wanted, len(names) >= SIGNERS, Text(f"{len(names)} người", f"{len(names)} people"))
