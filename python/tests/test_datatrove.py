"""datatrove, with its local executor."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from conftest import engine

Rows = list[dict[str, Any]]


@pytest.fixture
def source(tmp_path: Path, records: Rows) -> Path:
    engine("datatrove.executor", "datatrove.pipeline.readers", "orjson")
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(2):
        lines = [json.dumps(record) + "\n" for record in records if record["number"] % 2 == number]
        (folder / f"{number}.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


def pipeline(source: Path, out: Path, **options: Any) -> Any:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from weedout.datatrove import Weedout

    steps = [
        JsonlReader(str(source), doc_progress=False),
        Weedout(exclusion_writer=JsonlWriter(str(out / "spam")), **options),
        JsonlWriter(str(out / "clean")),
    ]
    return LocalPipelineExecutor(steps, tasks=2, workers=1, logging_dir=str(out / "logs"))


def written(folder: Path) -> Rows:
    lines = [line for path in sorted(folder.glob("*.jsonl.gz")) for line in gzip.open(path, "rt", encoding="utf-8")]
    # The writer leaves out what is empty.
    rows = [{"text": "", **json.loads(line)} for line in lines]
    return sorted(rows, key=lambda row: row["metadata"]["number"])


def kept(records: Rows, expected: Rows) -> Rows:
    """What comes out of the pipeline: the reader passes over documents without a text, the step keeps back those that are spam."""
    pairs = zip(records, expected, strict=True)
    return [row for record, row in pairs if record["text"] and row["weedout"]["label"] != "spam"]


def test_documents_are_those_of_the_command_line(source: Path, records: Rows, expected: Rows, tmp_path: Path) -> None:
    pipeline(source, tmp_path).run()
    rows = written(tmp_path / "clean")
    assert [(row["id"], row["text"], row["metadata"]["weedout"]) for row in rows] == [
        (row["id"], row["text"], row["weedout"]) for row in kept(records, expected)
    ]
    spam = written(tmp_path / "spam")
    assert [row["id"] for row in spam] == [row["id"] for row in expected if row["weedout"]["label"] == "spam"]
    assert all(row["text"] for row in spam)


def test_notes_only(source: Path, records: Rows, expected: Rows, tmp_path: Path) -> None:
    pipeline(source, tmp_path, annotate=True).run()
    rows = written(tmp_path / "clean")
    assert [row["text"] for row in rows] == [record["text"] for record in records if record["text"]]
    assert not list((tmp_path / "spam").glob("*")) if (tmp_path / "spam").exists() else True
    assert "spam" in {row["metadata"]["weedout"]["label"] for row in rows}


def test_a_task_that_failed_is_done_again(source: Path, records: Rows, expected: Rows, tmp_path: Path) -> None:
    executor = pipeline(source, tmp_path)
    executor.run()
    done = tmp_path / "logs/completions"
    assert len(os.listdir(done)) == 2
    (done / "00001").unlink()
    pipeline(source, tmp_path).run()
    assert [row["id"] for row in written(tmp_path / "clean")] == [row["id"] for row in kept(records, expected)]


@pytest.mark.skipif(not os.environ.get("WEEDOUT_FAULTS"), reason="NOT TESTED: panics; see test_faults.py")
def test_a_panic_goes_to_the_excluded(tmp_path: Path) -> None:
    engine("datatrove.executor", "orjson")
    source = tmp_path / "in"
    source.mkdir()
    rows = [{"id": "a", "text": "\uffffweedout-panic", "number": 1}, {"id": "b", "text": "Hello there.", "number": 2}]
    (source / "0.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    pipeline(source, tmp_path).run()
    assert [row["id"] for row in written(tmp_path / "clean")] == ["b"]
    assert "a fault was asked for" in written(tmp_path / "spam")[0]["metadata"]["weedout"]["error"]
