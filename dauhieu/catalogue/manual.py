"""The manual of the catalogue: a page a sign, a page a violation, and an index, in both languages.

`python -m dauhieu.catalogue.manual docs/catalogue` writes the pages; a test holds them to the files of the signs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dauhieu.catalogue.catalogue import Catalogue, read_catalogue, read_sign_examples
from dauhieu.catalogue.example import DrawnTable, Example
from dauhieu.catalogue.sign import Age, LegalBasis, Sign, Texts, Tuning
from dauhieu.catalogue.violation import Violation
from dauhieu.warehouse.contract import Contract, Text, contract
from dauhieu.warehouse.markdown import bullets, grid, names, page, write_pages

# Of drawn tables with many alike rows the first show enough.
ROWS_SHOWN = 6

BRANCHES: Mapping[str, Text] = {
    "social": Text("Bảo hiểm xã hội", "Social insurance"),
    "unemployment": Text("Bảo hiểm thất nghiệp", "Unemployment insurance"),
    "health": Text("Bảo hiểm y tế", "Health insurance"),
    "cross": Text("Liên ngành", "Across branches"),
}
STATUSES: Mapping[str, Text] = {
    "draft": Text("bản nháp", "draft"),
    "experimental": Text("thử nghiệm", "experimental"),
    "test": Text("kiểm chứng", "test"),
    "stable": Text("ổn định", "stable"),
    "retired": Text("ngừng dùng", "retired"),
}
AMOUNTS: Mapping[str, Text] = {
    "arrears": Text("tiền phải đóng", "contributions owed"),
    "undue_benefit": Text("tiền hưởng sai", "benefits not due"),
    "refused_cost": Text("chi phí không được thanh toán", "costs not payable"),
    "exposure": Text("tiền có rủi ro", "money at risk"),
}


def render(catalogue: Catalogue, contract: Contract) -> dict[str, str]:
    """File name -> text of every page."""
    signs = [sign for sign in catalogue.signs.values() if not sign.site]
    of_violation: dict[str, list[Sign]] = {name: [] for name in catalogue.violations}
    for sign in signs:
        of_violation[sign.violation].append(sign)
    pages = {"index.md": page(_index(signs, of_violation, catalogue, contract))}
    for name, violation in catalogue.violations.items():
        pages[f"violations/{name}.md"] = page(_violation(violation, of_violation[name]))
    for sign in signs:
        drawn = read_sign_examples(sign, contract)
        pages[f"signs/{sign.id}.md"] = page(_sign(sign, drawn, catalogue.violations[sign.violation], contract))
    return pages


def _both(text: Text) -> str:
    return f"{text.vi} · {text.en}"


def _index(
    signs: Sequence[Sign], of_violation: Mapping[str, list[Sign]], catalogue: Catalogue, contract: Contract
) -> list[str]:
    parts = [
        "# Danh mục dấu hiệu · Catalogue of signs",
        f"{len(signs)} dấu hiệu của {sum(map(bool, of_violation.values()))} vi phạm. Dấu hiệu là lý do để xem xét, "
        "không phải kết luận.\n\n"
        f"{len(signs)} signs of {sum(map(bool, of_violation.values()))} violations. A sign is a reason to look, "
        "not a verdict.",
    ]
    for branch, title in BRANCHES.items():
        own = [violation for violation in catalogue.violations.values() if violation.branch == branch]
        parts.append(f"## {_both(title)}")
        parts += [_listed_violation(violation, of_violation[violation.id]) for violation in own]
    parts.append("## Theo đối tượng · By subject")
    kinds = sorted({sign.subject for sign in signs})
    parts.append(
        grid(
            ("đối tượng · subject", "dấu hiệu · signs"),
            [(_kind(kind, contract), _links(sign for sign in signs if sign.subject == kind)) for kind in kinds],
        )
    )
    parts.append("## Theo mức độ · By severity")
    parts.append(
        grid(
            ("mức độ · severity", "dấu hiệu · signs"),
            [(str(level), _links(sign for sign in signs if sign.severity == level)) for level in (5, 4, 3, 2, 1)],
        )
    )
    return parts


def _listed_violation(violation: Violation, signs: Sequence[Sign]) -> str:
    title = f"### [{violation.id}](violations/{violation.id}.md) {_both(violation.title)}"
    rows = [
        (f"[{sign.id}](signs/{sign.id}.md)", sign.title.vi, sign.title.en, str(sign.severity), _status(sign))
        for sign in signs
    ]
    titles = ("dấu hiệu · sign", "Tiếng Việt", "English", "mức độ · severity", "trạng thái · status")
    return f"{title}\n\n{grid(titles, rows)}" if rows else title


def _links(signs: Iterable[Sign]) -> str:
    return ", ".join(f"[{sign.id}](signs/{sign.id}.md)" for sign in signs)


def _kind(kind: str, contract: Contract) -> str:
    return f"{_both(contract.kinds[kind].meaning)} (`{kind}`)" if kind in contract.kinds else f"`{kind}`"


def _status(sign: Sign) -> str:
    return _both(STATUSES[sign.status])


def _violation(violation: Violation, signs: Sequence[Sign]) -> list[str]:
    parts = [f"# {violation.id} · {violation.title.vi}", f"*{violation.title.en}*"]
    for title, text in (
        ("Mô tả · Description", violation.description),
        ("Căn cứ pháp lý · Legal basis", violation.legal_basis),
        ("Chế tài · Sanction", violation.sanction),
    ):
        parts += [f"## {title}", text.vi, text.en]
    rows = [(f"[{sign.id}](../signs/{sign.id}.md)", sign.title.vi, sign.title.en, str(sign.severity)) for sign in signs]
    parts += ["## Dấu hiệu · Signs", grid(("dấu hiệu · sign", "Tiếng Việt", "English", "mức độ · severity"), rows)]
    return parts


def _sign(sign: Sign, drawn: Sequence[Example], violation: Violation, contract: Contract) -> list[str]:
    facts = [
        f"Vi phạm · Violation: [{violation.id}](../violations/{violation.id}.md) {_both(violation.title)}",
        f"Lĩnh vực · Branch: {_both(BRANCHES[sign.branch])}",
        f"Đối tượng · Subject: {_kind(sign.subject, contract)}",
        f"Mức độ · Severity: {sign.severity}/5",
        f"Trạng thái · Status: {_status(sign)}, phiên bản · version {sign.version}",
        f"Số tiền · Amount: {_both(AMOUNTS[sign.amount_kind])}",
    ]
    parts = [f"# {sign.id} · {sign.title.vi}", f"*{sign.title.en}*", bullets(facts)]
    parts += ["## Quy tắc · Rule", sign.rule.vi, sign.rule.en]
    if sign.reading:
        parts += ["### Cách hiểu · Reading", sign.reading.vi, sign.reading.en]
    parts += ["## Căn cứ pháp lý · Legal basis", _law(sign.legal_basis)]
    if sign.tuning:
        parts += ["## Ngưỡng · Thresholds", _thresholds(sign.tuning)]
    parts += ["## Dữ liệu cần · Data needed", _needs(sign)]
    parts += ["## Giải thích vô can · Innocent explanations", _list(sign.innocent_explanations)]
    parts += ["## Cần yêu cầu · What to ask for", _list(sign.ask_for)]
    parts += ["## SQL", f"```sql\n{sign.sql.strip()}\n```"]
    parts += [f"## Ví dụ · Examples ({len(drawn)})", *map(_example, drawn)]
    return parts


def _law(basis: Sequence[LegalBasis]) -> str:
    rows = [(one.instrument, one.article, str(one.valid_from), str(one.valid_to or "")) for one in basis]
    return grid(("văn bản · instrument", "điều · article", "từ · from", "đến · to"), rows)


def _thresholds(tuning: Mapping[str, Tuning]) -> str:
    rows = [(f"`{name}`", _value(one.value), one.unit, _reason(one.why)) for name, one in tuning.items()]
    return grid(("tên · name", "giá trị · value", "đơn vị · unit", "vì sao · why"), rows)


def _reason(why: Text) -> str:
    return why.vi if why.vi == why.en else f"{why.vi} · {why.en}"


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _needs(sign: Sign) -> str:
    lines = [f"`{table}` ({_age(age)})" for table, age in sign.needs.required.items()]
    if sign.needs.helpful:
        lines.append(f"hữu ích · helpful: {names(sign.needs.helpful)}")
    if sign.needs.signs:
        lines.append(f"dấu hiệu khác · other signs: {names(sign.needs.signs)}")
    return bullets(lines)


def _age(age: Age) -> str:
    if isinstance(age, int):
        return f"không cũ hơn {age} tháng · at most {age} months old"
    return "năm đã khoá sổ · of the latest closed year" if age else "bất kỳ · of any age"


def _list(texts: Texts) -> str:
    return bullets(f"{vi}<br>{en}" for vi, en in zip(texts.vi, texts.en, strict=True))


def _example(example: Example) -> str:
    parts = [f"### {example.title}", f"Tháng · Month {example.as_of:%m/%Y}"]
    parts += [f"`{name}`\n\n{_drawn(table)}" for name, table in example.tables.items()]
    finds = [", ".join(f"{name} = {value}" for name, value in found.items()) for found in example.finds]
    told = bullets(finds) if finds else "không có gì · nothing"
    return "\n\n".join([*parts, f"Tìm thấy · Finds:\n\n{told}"])


def _drawn(table: DrawnTable) -> str:
    rows = [tuple(cell or "" for cell in row) for row in table.rows[:ROWS_SHOWN]]
    if len(table.rows) > ROWS_SHOWN:
        more = f"… {len(table.rows) - ROWS_SHOWN} dòng nữa · more rows"
        rows.append((more, *[""] * (len(table.columns) - 1)))
    return grid(table.columns, rows)


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]), render(read_catalogue(contract()), contract()))
