"""Statements of someone who means harm: the gate refuses each, and what slipped by would find the engine locked."""

from pathlib import Path

import pytest

from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import EngineError, SignError

# Statements which reach for files, settings, programs or other data. `{out}` lies outside the engine's folders.
REACHING = [
    "COPY employer TO '{out}/x.csv'",
    "COPY (SELECT 1) TO '{out}/x.parquet' (FORMAT parquet)",
    "COPY employer FROM '{out}/secret.csv'",
    "EXPORT DATABASE '{out}/all'",
    "IMPORT DATABASE '{out}/all'",
    "ATTACH '{out}/other.db' AS other",
    "ATTACH '' AS pg (TYPE postgres)",
    "INSTALL httpfs",
    "LOAD httpfs",
    "FORCE INSTALL spatial",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET allowed_directories",
    "PRAGMA enable_logging",
    "SET temp_directory = '{out}'",
    "CREATE SECRET s (TYPE s3, KEY_ID 'x', SECRET 'y')",
    "SELECT * FROM '{out}/secret.csv'",
    "SELECT secret FROM read_csv('{out}/secret.csv')",
    "SELECT content FROM read_text('{out}/secret.csv')",
    "SELECT content FROM read_blob('{out}/secret.csv')",
    "SELECT a FROM read_json('{out}/secret.csv')",
    "SELECT a FROM read_parquet('{out}/*.parquet')",
    "SELECT a FROM parquet_scan('https://example.org/x.parquet')",
    "SELECT file FROM glob('{out}/*')",
    "SELECT secret FROM sniff_csv('{out}/secret.csv')",
    "SELECT getenv('HOME') AS h FROM employer",
    "WITH a AS (COPY employer TO '{out}/x.csv') SELECT 1 AS b",
    "SELECT a FROM query('COPY (SELECT 1) TO ''{out}/x.csv''')",
    "SELECT (SELECT max(secret) FROM '{out}/secret.csv') AS s FROM employer",
    "SELECT status FROM employer WHERE EXISTS (SELECT 1 FROM read_text('{out}/secret.csv'))",
    "SELECT 1 AS a; COPY (SELECT 1) TO '{out}/x.csv'",
    "SELECT 1 AS a /* ; */ ; ATTACH '{out}/other.db' AS other",
    'SELECT secret FROM "{out}/secret.csv"',
]
# Statements the engine would carry out within its own memory: only the gate stands before them.
CHANGING = [
    "DROP TABLE employer",
    "DELETE FROM employer",
    "INSERT INTO employer VALUES (1, 'I', 'x')",
    "UPDATE employer SET status = 'x'",
    "CREATE TABLE mine AS SELECT 1 AS a",
    "CREATE MACRO f(x) AS x + 1",
    "ALTER TABLE employer RENAME TO mine",
    "TRUNCATE employer",
    "WITH gone AS (DELETE FROM employer RETURNING status) SELECT status FROM gone",
    "CALL pragma_version()",
    "BEGIN TRANSACTION",
    "EXPLAIN ANALYZE SELECT 1",
    "DESCRIBE employer",
    "SHOW TABLES",
    "SUMMARIZE employer",
    "CHECKPOINT",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "USE memory",
    "VACUUM",
    "FROM employer",
    "VALUES (1)",
    "PIVOT employer ON status USING count(*)",
]
# Queries which look at what they may not, or hide what they look at.
PEEPING = [
    "SELECT person_id FROM person_identity",
    "SELECT person_id FROM history.person_identity",
    "SELECT subject_id FROM finding",
    "SELECT name FROM duckdb_settings()",
    "SELECT sql FROM duckdb_views()",
    "SELECT table_name FROM information_schema.tables",
    "SELECT name FROM sqlite_master",
    "SELECT tablename FROM pg_catalog.pg_tables",
    "SELECT status FROM memory.main.employer",
    "SELECT status FROM main.employer",
    "SELECT id FROM keys__person",
    "SELECT month FROM history__contribution_month",
    "SELECT a FROM query_table('person_identity')",
    "SELECT current_setting('memory_limit') AS m FROM employer",
    "SELECT getvariable('x') AS m FROM employer",
    "SELECT * FROM employer",
    "SELECT e.* FROM employer AS e",
    "SELECT COLUMNS('.*') FROM employer",
    "SELECT employer FROM employer",
    "WITH employer AS (SELECT 1 AS status) SELECT status FROM employer",
    "WITH a AS (SELECT * FROM person_identity) SELECT person_id FROM a",
    "SELECT status FROM employer UNION ALL SELECT full_name FROM person_identity",
    "SELECT status FROM employer WHERE employer_id IN (SELECT person_id FROM person_identity)",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT n FROM r",
    "SELECT count(*) AS n FROM range(100000000000)",
    "SELECT random() AS r FROM employer",
    "SELECT nextval('s') AS r FROM employer",
    "SELECT status FROM employer LIMIT 1",
    "",
    "-- nothing",
]


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.csv").write_text("secret\nhidden\n")
    return folder


@pytest.mark.parametrize("statement", REACHING + CHANGING + PEEPING)
def test_the_gate_refuses_it(compiled, outside, statement):
    with pytest.raises(SignError):
        compiled(statement.replace("{out}", str(outside)))


@pytest.mark.parametrize("statement", REACHING)
def test_the_locked_engine_reaches_nothing_outside(tmp_path, outside, statement):
    store = tmp_path / "store"
    store.mkdir()
    before = sorted(outside.iterdir())
    with DuckDBEngine(EngineOptions(memory="256MB", threads=1, folders=(store,))) as engine:
        engine.materialise("employer", "SELECT 1 AS employer_id, 'I' AS wage_region, 'x' AS status")
        try:
            rows = engine.rows(statement.replace("{out}", str(outside)))
        except EngineError:
            rows = []
        assert "hidden" not in str(rows)
        with pytest.raises(EngineError):
            engine.rows(f"SELECT content FROM read_text('{outside}/secret.csv')")
    assert sorted(outside.iterdir()) == before


def test_writing_into_the_engines_own_folder_is_stopped_by_the_gate_alone(compiled, tmp_path):
    statement = f"COPY (SELECT 1 AS a) TO '{tmp_path}/mine.parquet' (FORMAT parquet)"
    with DuckDBEngine(EngineOptions(memory="256MB", threads=1, folders=(tmp_path,))) as engine:
        engine.rows(statement)
    assert (tmp_path / "mine.parquet").exists()
    with pytest.raises(SignError, match="Only one SELECT is allowed, this starts with 'COPY'"):
        compiled(statement)


def test_a_text_with_a_quote_stays_a_text(compiled, engine):
    engine.materialise("employer", "SELECT 'x'' OR 1 = 1 --' AS status")
    found = compiled("SELECT count(*) AS n FROM employer WHERE status = $item", item="y' OR 1 = 1 --")
    assert engine.rows(found.sql) == [(0,)]
    found = compiled("SELECT count(*) AS n FROM employer WHERE status = $item", item="x' OR 1 = 1 --")
    assert engine.rows(found.sql) == [(1,)]


def test_comments_do_not_reach_the_engine(compiled):
    assert "hello" not in compiled("SELECT status /* hello */ FROM employer -- hello").sql
