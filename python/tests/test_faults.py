"""A panic is the error of one record. These tests need a wheel that was built to panic when asked."""

from __future__ import annotations

import os
from typing import Any

import pyarrow as pa
import pytest

import weedout

PANIC = "We met at the harbour.\n\n\uffffweedout-panic\n\nIt rained.\n"

pytestmark = pytest.mark.skipif(
    not os.environ.get("WEEDOUT_FAULTS"), reason="NOT TESTED: panics; build the wheel with `--features faults` and set WEEDOUT_FAULTS=1"
)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_panic_is_a_null_row_with_a_reason(threads: int, records: list[dict[str, Any]]) -> None:
    cleaner = weedout.Cleaner(threads=threads)
    batch = pa.RecordBatch.from_pylist(records)
    bad = pa.RecordBatch.from_pylist([{"id": "bad", "text": PANIC, "number": 99}], schema=batch.schema)
    rows = pa.concat_batches([batch.slice(0, 20), bad, batch.slice(20)])
    out = pa.record_batch(cleaner.clean_batch(rows)).to_pylist()
    failed = out.pop(20)
    assert (failed["id"], failed["number"], failed["text"]) == ("bad", 99, None)
    notes = failed["weedout"]
    assert "a fault was asked for" in notes.pop("error")
    assert set(notes.values()) == {None}
    assert out == pa.record_batch(cleaner.clean_batch(batch)).to_pylist()


def test_a_panic_leaves_the_text_when_only_notes_are_asked_for(cleaner: weedout.Cleaner) -> None:
    batch = pa.record_batch({"text": [PANIC]})
    row = pa.record_batch(cleaner.clean_batch(batch, annotate=True)).to_pylist()[0]
    assert row["text"] == PANIC and row["weedout"]["error"]


def test_a_panic_in_a_stream_is_a_null_row(cleaner: weedout.Cleaner) -> None:
    out = pa.table(cleaner.clean_batch(pa.table({"text": [PANIC, "Hello there."]}))).to_pylist()
    assert [row["text"] for row in out] == [None, "Hello there."]


@pytest.mark.parametrize("call", ["clean", "blocks", "check", "explain"])
def test_a_panic_is_an_exception_and_not_printed(call: str, cleaner: weedout.Cleaner, capfd: Any) -> None:
    with pytest.raises(weedout.Error, match="a fault was asked for"):
        getattr(cleaner, call)(PANIC)
    assert capfd.readouterr().err == ""
    assert cleaner.clean("Hello there.").text == "Hello there."
