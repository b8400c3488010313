"""Polars: frames and series through the Arrow call."""

from __future__ import annotations

from typing import Any

import weedout
from conftest import as_command_line, engine

Rows = list[dict[str, Any]]


def test_frames(cleaner: weedout.Cleaner, records: Rows, expected: Rows) -> None:
    pl = engine("polars")
    frame = pl.DataFrame(records)
    out = pl.DataFrame(cleaner.clean_batch(frame))
    assert [as_command_line(row) for row in out.to_dicts()] == expected


def test_lazy_frames(cleaner: weedout.Cleaner, records: Rows, expected: Rows) -> None:
    pl = engine("polars")
    step = lambda frame: pl.DataFrame(cleaner.clean_batch(frame))  # noqa: E731
    schema = step(pl.DataFrame(records[:0], schema=pl.DataFrame(records).schema)).schema
    out = pl.LazyFrame(records).map_batches(step, schema=schema).collect()
    assert [as_command_line(row) for row in out.to_dicts()] == expected


def test_series(cleaner: weedout.Cleaner, records: Rows, expected: Rows) -> None:
    pl = engine("polars")
    texts = pl.Series("text", [record["text"] for record in records])
    out = pl.Series(cleaner.clean_array(texts))
    assert out.struct.field("text").to_list() == [row["text"] for row in expected]
