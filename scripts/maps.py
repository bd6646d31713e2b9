"""Draw the provinces as the paths of the site's map: `python scripts/maps.py FOLDER`.

FOLDER holds provinces_34.geojson and provinces_63.geojson; docs/sources.md says where they come from. A place is in
units of a picture 1,000 wide. Islets far off the coast are too small to be seen, so each also becomes a dot.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent.parent / "dauhieu" / "web" / "radar" / "maps"
WEST, EAST, NORTH, SOUTH = 101.9, 117.9, 23.6, 6.6
WIDTH = 1000
# In the middle of the country a degree of longitude is this much shorter than one of latitude.
SQUEEZE = math.cos(math.radians(16))
SCALE = WIDTH / ((EAST - WEST) * SQUEEZE)
COAST = 110.3


def place(longitude: float, latitude: float) -> tuple[int, int]:
    return round((longitude - WEST) * SQUEEZE * SCALE), round((NORTH - latitude) * SCALE)


def path(ring: list[list[float]]) -> str:
    points = list(dict.fromkeys(place(*point[:2]) for point in ring))
    return "M" + " ".join(f"{x},{y}" for x, y in points) + "Z" if len(points) > 2 else ""


def drawn(feature: dict[str, Any]) -> dict[str, Any]:
    geometry = feature["geometry"]
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    mainland = [one for one in polygons if min(point[0] for point in one[0]) < COAST]
    islets = [one[0] for one in polygons if one not in mainland]
    known = feature["properties"]
    return {
        "code": known["code"],
        "name": known["name"],
        "path": "".join(path(ring) for one in mainland for ring in one),
        "islets": sorted({place(*(sum(axis) / len(axis) for axis in zip(*islet, strict=True))) for islet in islets}),
        "label": place(known["label_lon"], known["label_lat"]),
    }


def main() -> None:
    for which in (34, 63):
        shapes = json.loads((Path(sys.argv[1]) / f"provinces_{which}.geojson").read_text(encoding="utf-8"))
        provinces = sorted((drawn(feature) for feature in shapes["features"]), key=lambda one: str(one["code"]))
        picture = {"width": WIDTH, "height": round((NORTH - SOUTH) * SCALE), "provinces": provinces}
        text = json.dumps(picture, ensure_ascii=False, separators=(",", ":"))
        (OUT / f"provinces_{which}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
