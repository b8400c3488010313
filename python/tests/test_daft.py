"""Daft: a batch function through the Arrow call."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

import weedout
from conftest import engine

Rows = list[dict[str, Any]]


def test_functions(cleaner: weedout.Cleaner, records: Rows, expected: Rows) -> None:
    daft = engine("daft")
    kind = daft.DataType.from_arrow_type(pa.array(cleaner.clean_array(pa.array([], pa.large_string()))).type)

    @daft.func.batch(return_dtype=kind)
    def clean(texts: daft.Series) -> Any:
        return pa.array(weedout.Cleaner().clean_array(texts.to_arrow()))

    frame = daft.from_arrow(pa.Table.from_pylist(records))
    out = frame.with_column("cleaned", clean(daft.col("text"))).sort("number").to_pylist()
    assert [row["cleaned"]["text"] for row in out] == [row["text"] for row in expected]
    assert [row["cleaned"]["label"] for row in out] == [row["weedout"]["label"] for row in expected]
