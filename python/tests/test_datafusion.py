"""DataFusion: a function over a column through the Arrow call."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

import weedout
from conftest import engine

Rows = list[dict[str, Any]]


def test_functions(cleaner: weedout.Cleaner, records: Rows, expected: Rows) -> None:
    datafusion = engine("datafusion")
    kind = pa.array(cleaner.clean_array(pa.array([], pa.string()))).type
    clean = lambda texts: pa.array(cleaner.clean_array(texts))  # noqa: E731
    context = datafusion.SessionContext()
    context.register_udf(datafusion.udf(clean, [pa.string()], kind, "immutable", name="weedout"))
    context.from_arrow(pa.Table.from_pylist(records), name="records")
    out = context.sql("SELECT number, weedout(text) AS cleaned FROM records ORDER BY number").to_arrow_table().to_pylist()
    assert [row["cleaned"]["text"] for row in out] == [row["text"] for row in expected]
    assert [row["cleaned"]["label"] for row in out] == [row["weedout"]["label"] for row in expected]
