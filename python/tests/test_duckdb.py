"""DuckDB: a relation through the Arrow call and back, as a stream."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

import weedout
from conftest import as_command_line, engine

Rows = list[dict[str, Any]]


def test_relations(cleaner: weedout.Cleaner, records: Rows, expected: Rows) -> None:
    duckdb = engine("duckdb")
    with duckdb.connect() as connection:
        before = pa.Table.from_pylist(records)  # noqa: F841, DuckDB finds it by its name.
        relation = connection.cursor().sql("SELECT * FROM before")
        after = pa.RecordBatchReader.from_stream(cleaner.clean_batch(relation))  # noqa: F841
        rows = connection.sql("SELECT * FROM after").to_arrow_table().to_pylist()
    assert [as_command_line(row) for row in rows] == expected


def test_notes_can_be_queried(cleaner: weedout.Cleaner, records: Rows, expected: Rows) -> None:
    duckdb = engine("duckdb")
    with duckdb.connect() as connection:
        after = pa.table(cleaner.clean_batch(pa.Table.from_pylist(records)))  # noqa: F841
        rows = connection.sql("SELECT weedout.label, count(*) FROM after GROUP BY 1 ORDER BY 1").fetchall()
    labels = [row["weedout"]["label"] for row in expected]
    assert rows == [(label, labels.count(label)) for label in sorted(set(labels))]
