"""Arrow data in, Arrow data out, the same as the command line makes of the same records."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

import weedout
from conftest import as_command_line, by_command_line


def cleaned(cleaner: weedout.Cleaner, rows: list[dict[str, Any]], **options: Any) -> list[dict[str, Any]]:
    batch = pa.RecordBatch.from_pylist(rows)
    return pa.record_batch(cleaner.clean_batch(batch, **options)).to_pylist()


def test_rows_are_those_of_the_command_line(
    cleaner: weedout.Cleaner, records: list[dict[str, Any]], expected: list[dict[str, Any]]
) -> None:
    assert [as_command_line(row) for row in cleaned(cleaner, records)] == expected


def test_pages_are_those_of_the_command_line(cleaner: weedout.Cleaner, pages: list[dict[str, Any]]) -> None:
    rows = cleaned(cleaner, pages, column="html")
    assert [as_command_line(row) for row in rows] == by_command_line(pages)


@pytest.mark.parametrize("profile", ["strict", "keep-more"])
def test_profiles_are_those_of_the_command_line(profile: Any, records: list[dict[str, Any]]) -> None:
    rows = cleaned(weedout.Cleaner(profile=profile), records)
    assert [as_command_line(row) for row in rows] == by_command_line(records, "--profile", profile)


def test_notes_do_not_touch_the_text(cleaner: weedout.Cleaner, records: list[dict[str, Any]]) -> None:
    rows = cleaned(cleaner, records, annotate=True)
    assert [as_command_line(row) for row in rows] == by_command_line(records, "--annotate")
    assert [row["text"] for row in rows] == [record["text"] for record in records]


def test_single_calls_say_the_same(cleaner: weedout.Cleaner, records: list[dict[str, Any]]) -> None:
    for row, record in zip(cleaned(cleaner, records), records, strict=True):
        one = cleaner.clean(record["text"])
        assert (one.text, one.label, one.blocks) == (row["text"], row["weedout"]["label"], row["weedout"]["blocks"])
        told = [(mark.start, mark.end, mark.text, mark.rule) for mark in one.removed]
        assert told == [(mark["start"], mark["end"], mark["text"], mark["rule"]) for mark in row["weedout"]["removed"]]


def test_threads_change_nothing(records: list[dict[str, Any]], cleaner: weedout.Cleaner) -> None:
    batch = pa.RecordBatch.from_pylist(records * 3)
    one = pa.record_batch(cleaner.clean_batch(batch))
    for threads in (0, 3):
        assert pa.record_batch(weedout.Cleaner(threads=threads).clean_batch(batch)).equals(one)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_layouts_of_strings_are_kept(cleaner: weedout.Cleaner, polluted: str, kind: pa.DataType) -> None:
    batch = pa.record_batch({"text": pa.array([polluted, None, "Hello there."], kind)})
    out = pa.record_batch(cleaner.clean_batch(batch))
    assert out.schema.field("text").type == kind
    assert out.column("text").to_pylist() == [cleaner.clean(polluted).text, None, "Hello there."]
    assert out.column("weedout").to_pylist()[1] is None
    structs = pa.array(cleaner.clean_array(batch.column("text")))
    assert structs.type.field("text").type == kind
    assert structs.field("text").to_pylist() == out.column("text").to_pylist()
    assert structs.field("label").to_pylist() == ["mixed", None, "genuine"]


def test_the_shape_is_as_described(cleaner: weedout.Cleaner) -> None:
    notes = pa.record_batch(cleaner.clean_batch(pa.record_batch({"text": ["Hello there."]}))).schema.field("weedout").type
    mark = {"start": pa.int64(), "end": pa.int64(), "text": pa.string(), "spam_probability": pa.float32(), "rule": pa.string()}
    assert {field.name: field.type for field in notes} == {
        "label": pa.string(),
        "blocks": pa.int32(),
        "removed": pa.list_(pa.struct(mark)),
        "spam_probability": pa.float32(),
        "error": pa.string(),
        "model": pa.string(),
    }


def test_slices_and_empty_batches(cleaner: weedout.Cleaner, records: list[dict[str, Any]]) -> None:
    batch = pa.RecordBatch.from_pylist(records)
    whole = pa.record_batch(cleaner.clean_batch(batch))
    assert pa.record_batch(cleaner.clean_batch(batch.slice(3, 9))).equals(whole.slice(3, 9))
    assert pa.record_batch(cleaner.clean_batch(batch.slice(0, 0))).num_rows == 0


def test_texts_that_stay_are_not_copied(cleaner: weedout.Cleaner) -> None:
    batch = pa.record_batch({"text": ["Hello there.", "How are you?"], "number": [1, 2]})
    out = pa.record_batch(cleaner.clean_batch(batch))
    for name in ("text", "number"):
        before, after = batch.column(name).buffers()[-1], out.column(name).buffers()[-1]
        assert (before.address, before.size) == (after.address, after.size)


def test_a_note_of_an_earlier_run_is_replaced(cleaner: weedout.Cleaner) -> None:
    batch = pa.record_batch({"weedout": [7], "text": ["Hello there."]})
    out = pa.record_batch(cleaner.clean_batch(batch))
    assert out.schema.names == ["weedout", "text"]
    assert out.to_pylist()[0]["weedout"]["label"] == "genuine"


def test_metadata_passes_through(cleaner: weedout.Cleaner) -> None:
    field = pa.field("text", pa.string(), nullable=False, metadata={"a": "b"})
    batch = pa.record_batch([["Hello there."]], schema=pa.schema([field], metadata={"c": "d"}))
    schema = pa.record_batch(cleaner.clean_batch(batch)).schema
    assert (schema.metadata, schema.field("text").metadata) == ({b"c": b"d"}, {b"a": b"b"})
    assert schema.field("text").nullable


def test_streams_are_cleaned_as_they_are_read(
    cleaner: weedout.Cleaner, records: list[dict[str, Any]], expected: list[dict[str, Any]]
) -> None:
    asked = []
    schema = pa.RecordBatch.from_pylist(records).schema

    def batches() -> Any:
        for at in range(0, len(records), 10):
            asked.append(at)
            yield pa.RecordBatch.from_pylist(records[at : at + 10], schema=schema)

    reader = pa.RecordBatchReader.from_batches(schema, batches())
    out = pa.RecordBatchReader.from_stream(cleaner.clean_batch(reader))
    assert asked == []
    first = out.read_next_batch()
    assert asked == [0] and first.num_rows == 10
    rows = first.to_pylist() + out.read_all().to_pylist()
    assert [as_command_line(row) for row in rows] == expected


def test_an_error_of_the_source_goes_through(cleaner: weedout.Cleaner) -> None:
    def batches() -> Any:
        yield pa.record_batch({"text": ["Hello there."]})
        raise RuntimeError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(pa.schema({"text": pa.string()}), batches())
    out = pa.RecordBatchReader.from_stream(cleaner.clean_batch(reader))
    out.read_next_batch()
    with pytest.raises(Exception, match="the disk is gone"):
        out.read_next_batch()


def test_chunks_stay_chunks(cleaner: weedout.Cleaner, polluted: str) -> None:
    chunks = pa.chunked_array([[polluted], ["Hello there.", None]])
    out = pa.chunked_array(cleaner.clean_array(chunks))
    assert [len(chunk) for chunk in out.chunks] == [1, 2]
    assert out.to_pylist()[0]["text"] == cleaner.clean(polluted).text


def test_wrong_data_is_told(cleaner: weedout.Cleaner) -> None:
    batch = pa.record_batch({"body": ["Hello there."], "number": [1], "kind": pa.array(["a"]).dictionary_encode()})
    with pytest.raises(KeyError, match="no column `text`, only `body`, `number`"):
        cleaner.clean_batch(batch)
    with pytest.raises(TypeError, match="`number` holds Int64 and no strings"):
        cleaner.clean_batch(batch, column="number")
    with pytest.raises(TypeError, match="cast it"):
        cleaner.clean_batch(batch, column="kind")
    with pytest.raises(TypeError, match="cast it"):
        cleaner.clean_array(pa.array([1]))
    with pytest.raises(TypeError, match="cast it"):
        cleaner.clean_batch(pa.table({"text": [1]}))
    with pytest.raises(ValueError, match="__arrow_c_array__"):
        cleaner.clean_batch({"text": ["Hello there."]})  # type: ignore[call-overload]
