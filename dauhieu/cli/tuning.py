"""`dauhieu tuning list|set|merge`: thresholds which an agency sets over those of shipped signs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from dauhieu.catalogue.catalogue import Catalogue, read_catalogue
from dauhieu.catalogue.sign import Local
from dauhieu.catalogue.site import named_site
from dauhieu.catalogue.tuning import Merged, written
from dauhieu.catalogue.tuning_file import parsed, set_threshold, settle
from dauhieu.cli.options import AsJson
from dauhieu.cli.terminal import as_date, out, print_json
from dauhieu.errors import SignError
from dauhieu.warehouse.contract import contract

app = typer.Typer(help="Thresholds of the agency's own over those of shipped signs.", no_args_is_help=True)

Place = Annotated[Path, typer.Argument(help="Folder of the store, or of the site catalogue itself.")]
Sign = Annotated[str, typer.Argument(help="Id of the shipped sign.")]


@app.command("list")
def list_(
    place: Place,
    as_json: AsJson = False,
) -> None:
    """Every local threshold beside the shipped one, and what waits for a decision."""
    catalogue = read_catalogue(contract(), named_site(place))
    rows = [row for _, merged in sorted(catalogue.overlays.items()) for row in _rows(merged)]
    if as_json:
        print_json(rows)
        return
    shown = Table("sign", "threshold", "shipped", "local", "unit", "from", "state", "by", "why", box=None)
    for row in rows:
        shown.add_row(*("" if cell is None else written(cell) for cell in row.values()))  # type: ignore[arg-type]
    out.print(shown)
    for fault in (*_faults(catalogue, "tuning"), *catalogue.notes):
        out.print(str(fault), markup=False, highlight=False)


def _rows(merged: Merged) -> list[dict[str, object]]:
    tuning = merged.shipped.tuning
    return [
        {
            "sign": merged.shipped.id,
            "threshold": name,
            "shipped": tuning[name].value if name in tuning else None,
            "local": local.value,
            "unit": tuning[name].unit if name in tuning else None,
            "from": local.valid_from,
            "state": merged.states[name],
            "by": local.by,
            "why": local.why,
        }
        for name, local in merged.overlay.values.items()
    ]


def _faults(catalogue: Catalogue, folder: str) -> list[object]:
    return [fault for fault in catalogue.faults if fault.path and fault.path.parent.name == folder]


@app.command("set")
def set_(
    place: Place,
    sign: Sign,
    name: Annotated[str, typer.Argument(help="Name of the threshold.")],
    value: Annotated[str, typer.Argument(help="The local value, in the unit of the shipped one.")],
    why: Annotated[str, typer.Option(help="Why it is right here.")],
    by: Annotated[str, typer.Option(help="Who decided it.")],
    valid_from: Annotated[
        date | None, typer.Option("--from", parser=as_date, help="Months which end on this day or later; all if none.")
    ] = None,
) -> None:
    """Set one threshold of a shipped sign; the shipped value it is based on is kept beside it."""
    site = named_site(place)
    catalogue = read_catalogue(contract(), site)
    (found,) = catalogue.chosen([sign])
    if found.site:
        raise SignError(f"'{sign}' is a sign of the site. Change its own file.", path=found.path)
    _whole(catalogue, sign)
    merged = catalogue.overlays.get(sign)
    shipped = merged.shipped if merged else found
    like = shipped.tuning[name].value if name in shipped.tuning else ""
    path = set_threshold(site, shipped, merged, name, Local(parsed(value, like), why, by, valid_from))
    out.print(f"{sign} {name}: {written(like)} as shipped, {value} here: {path}", markup=False)


@app.command("merge")
def merge_(
    place: Place,
    sign: Sign,
    keep: Annotated[str, typer.Option(help="local or shipped: which value holds where both have changed.")],
) -> None:
    """Decide after an update which value holds, and base the local ones on what is shipped now."""
    if keep not in ("local", "shipped"):
        raise typer.BadParameter("Write --keep local or --keep shipped.")
    site = named_site(place)
    catalogue = read_catalogue(contract(), site)
    _whole(catalogue, sign)
    if sign not in catalogue.overlays:
        raise SignError(f"No threshold of '{sign}' is set locally.")
    path = settle(site, catalogue.overlays[sign], keep)
    out.print(f"{sign}: {path or 'no local value is left, the file is gone'}", markup=False)


def _whole(catalogue: Catalogue, sign: str) -> None:
    """A file which is faulty is mended by hand first: writing over it would lose what it says."""
    faults = [fault for fault in catalogue.faults if fault.path and fault.path.name == f"{sign}.yaml"]
    if faults:
        raise SignError(faults=faults)
