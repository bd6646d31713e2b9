"""Reference data of the nation: public lists in compact form, and the small catalogues of goods and services."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as csv

from dauhieu.country.world import World

DATA = Path(__file__).parent / "data"
FILES = (
    "provinces.csv provinces_before_2025.csv districts_before_2025.csv communes.csv.gz communes_before_2025.csv.gz "
    "names.csv banks.csv icd10.csv.gz sectors.csv diseases.csv services.csv drugs.csv supplies.csv "
    "bundles.csv prescriptions.csv procedures.csv"
).split()
CODES = ("code", "province_code", "district_code", "successor_code", "bin", "service_code", "drug_code", "icd")


def load(world: World) -> None:
    """Every file becomes the working table `ref_<name>`."""
    for file in FILES:
        world.read("ref_" + file.split(".")[0], _read(DATA / file))


def _read(path: Path) -> pa.Table:
    types = {name: pa.string() for name in CODES}
    return csv.read_csv(path, convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=True))
