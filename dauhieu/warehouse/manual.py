"""The manual of the data: the contract rendered as Markdown, one page an area and an index, in both languages.

`python -m dauhieu.warehouse.manual docs/data` writes the pages; a test holds them to the contract.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from dauhieu.warehouse.contract import Column, Contract, Kind, Table, Text, contract
from dauhieu.warehouse.markdown import grid, names, page, write_pages

AREAS: Mapping[str, Text] = {
    "reference": Text("Danh mục chung và tổ chức", "Reference and organisation"),
    "persons": Text("Cá nhân", "Persons"),
    "employers": Text("Đơn vị và việc làm", "Employers and employment"),
    "contributions": Text("Khai báo và đóng", "Declarations and contributions"),
    "agents": Text("Tổ chức dịch vụ thu", "Collection agents"),
    "benefits": Text("Chế độ BHXH và BHTN", "Social and unemployment benefits"),
    "health": Text("Dữ liệu gốc BHYT", "Health insurance master data"),
    "claims": Text("Hồ sơ thanh toán BHYT", "Health insurance claims"),
    "control": Text("Kiểm soát nội bộ", "Internal control"),
    "external": Text("Nguồn ngoài ngành", "External sources"),
    "product": Text("Bảng do sản phẩm ghi", "Tables the product writes"),
}
TYPES: Mapping[str, Text] = {
    "id": Text(
        "mã số nội bộ của kho; giao dưới tên `x_code`, dạng chữ",
        "a number inside the store; delivered as text `x_code`",
    ),
    "text": Text("chữ", "text"),
    "bool": Text("đúng/sai", "true or false"),
    "int": Text("số nguyên", "whole number"),
    "bigint": Text("số nguyên lớn", "large whole number"),
    "money": Text("đồng, số nguyên", "whole đồng"),
    "amount": Text("số có ba chữ số thập phân", "number with three decimals"),
    "degree": Text("độ (kinh độ, vĩ độ)", "degrees of latitude or longitude"),
    "date": Text("ngày", "date"),
    "month": Text("tháng (ngày đầu tháng)", "month (its first day)"),
    "timestamp": Text("thời điểm, giờ Việt Nam", "moment, Viet Nam time"),
    "instant": Text("thời điểm, UTC", "moment, UTC"),
    "time": Text("giờ trong ngày", "time of day"),
}
CLASSES: Mapping[str, Text] = {
    "none": Text("không phải dữ liệu cá nhân riêng tư", "not sensitive by itself"),
    "identity": Text(
        "tên, số, địa chỉ; chỉ ở các bảng `*_identity`", "names, numbers, addresses; only in `*_identity`"
    ),
    "contact": Text(
        "ngày sinh, giới tính, nơi cư trú, địa chỉ mạng", "birth, sex, residence, network address of a person"
    ),
    "health": Text("tình trạng sức khoẻ", "state of health"),
    "money": Text("thu nhập, tiền đóng, tiền hưởng", "income, contributions, benefits"),
}
SYSTEM: Mapping[str, Text] = {
    "recorded_at": Text("thời điểm cơ quan biết (UTC)", "when the agency knew it (UTC)"),
    "superseded_at": Text("thời điểm bị dòng mới hơn thay (UTC)", "when a newer row of the same key replaced it (UTC)"),
    "loaded_at": Text("thời điểm nạp vào kho (UTC)", "when it was loaded (UTC)"),
    "delivery_no": Text("số thứ tự gói dữ liệu", "number of the delivery it came with"),
}
WRITERS: Mapping[str, Text] = {
    "delivery": Text("gói dữ liệu", "deliveries"),
    "law": Text("dữ liệu pháp luật của sản phẩm", "the law data of the product"),
    "product": Text("sản phẩm", "the product"),
}


def render(contract: Contract) -> dict[str, str]:
    """File name -> text of every page."""
    areas: dict[str, list[Table]] = {}
    for table in contract.tables.values():
        areas.setdefault(table.area, []).append(table)
    order = [name for name in AREAS if name in areas] + sorted(areas.keys() - AREAS.keys())
    pages = {f"{name}.md": page([_area_title(name), *map(_table, areas[name])]) for name in order}
    return {"index.md": page(_index(contract, {name: areas[name] for name in order}))} | pages


def _area(name: str) -> Text:
    return AREAS.get(name, Text(name, name))


def _area_title(name: str) -> str:
    return f"# {_area(name).vi} · {_area(name).en}"


def _index(contract: Contract, areas: Mapping[str, list[Table]]) -> list[str]:
    return [
        "# Từ điển dữ liệu · Data dictionary",
        "Các trang này được sinh từ hợp đồng dữ liệu (`dauhieu/warehouse/tables`).\n"
        "These pages are rendered from the data contract (`dauhieu/warehouse/tables`).",
        *(_contents(name, tables) for name, tables in areas.items()),
        "## Kiểu dữ liệu · Types\n\n" + _texts(TYPES),
        "## Loại dữ liệu cá nhân · Classes of personal data\n\n" + _texts(CLASSES),
        "## Cột hệ thống của mọi bảng được giao · System columns of every delivered table\n\n" + _texts(SYSTEM),
        "## Các loại mã · Kinds of ids\n\n" + _kinds(contract.kinds.values()),
    ]


def _contents(name: str, tables: list[Table]) -> str:
    rows = [(f"[`{t.name}`]({name}.md#{t.name})", t.meaning.vi, t.meaning.en) for t in tables]
    title = f"## [{_area(name).vi} · {_area(name).en}]({name}.md)\n\n"
    return title + grid(("bảng · table", "Tiếng Việt", "English"), rows)


def _texts(texts: Mapping[str, Text]) -> str:
    return grid(("", "Tiếng Việt", "English"), [(f"`{name}`", text.vi, text.en) for name, text in texts.items()])


def _kinds(kinds: Iterable[Kind]) -> str:
    rows = [
        (
            f"`{kind.name}`",
            kind.meaning.vi,
            kind.meaning.en,
            f"`{kind.table}`" if kind.table else "",
            "có · yes" if kind.personal else "",
        )
        for kind in kinds
    ]
    return grid(("loại · kind", "Tiếng Việt", "English", "bảng · table", "của cá nhân · of a person"), rows)


def _table(table: Table) -> str:
    facts = [
        ("Khoá · Key", names(table.key)),
        ("Ngày của dòng · Dated by", names([table.happens] if table.happens else [])),
        (
            "Phân vùng theo tháng của · Partitioned by the month of",
            names([table.partition] if table.partition else []),
        ),
        ("Chứng từ · Document", names(table.document)),
        ("Thuộc về · Belongs to", f"`{table.head}`" if table.head else ""),
        ("Bỏ qua khi quét · Left out of scans", _left_out(table)),
        ("Danh sách tách dòng · Lists split into rows", _splits(table)),
        ("Nguồn ghi · Written by", f"{WRITERS[table.written_by].vi} · {WRITERS[table.written_by].en}"),
    ]
    head = "\n".join(f"- {name}: {value}" for name, value in facts if value)
    titles = ("cột · column", "kiểu · type", "Tiếng Việt", "English", "giá trị · values", "riêng tư · personal")
    columns = grid(titles, [_column(column, table) for column in table.columns])
    return f"## {table.name}\n\n{table.meaning.vi} · {table.meaning.en}\n\n{head}\n\n{columns}"


def _column(column: Column, table: Table) -> tuple[str, ...]:
    type_ = f"{column.type} `{column.kind}`" if column.kind else column.type
    if column.null and column.name not in table.key:
        type_ += ", có thể trống · may be empty"
    values = names(column.values)
    if column.code_from:
        values = "/".join(f"`{part}`" for part in column.code_from)
    if column.taken_from:
        values = f"= `{table.head}.{column.taken_from}`"
    personal = "" if column.personal == "none" else column.personal
    return f"`{column.name}`", type_, column.meaning.vi, column.meaning.en, values, personal


def _left_out(table: Table) -> str:
    return "; ".join(f"`{name}`: {names(values)}" for name, values in (table.left_out or {}).items())


def _splits(table: Table) -> str:
    return "; ".join(f"{names(split.columns)} → `{split.table}`" for split in table.splits)


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]), render(contract()))
