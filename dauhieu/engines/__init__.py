"""Engines run SQL over named Parquet and Arrow inputs within a memory bound.

An engine knows nothing of signs, tables or law. A new engine is one file beside `duckdb.py`.
"""
