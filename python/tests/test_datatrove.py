"""datatrove, with its local executor."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
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


KILLED = """
import os, signal, sys
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from weedout.datatrove import Weedout

source, out, workers = sys.argv[1:]

def once(data, rank, world_size):
    for number, document in enumerate(data):
        # Some documents of this rank are written, others are not.
        if rank == 1 and number == 3:
            try:
                os.close(os.open(out + "/killed", os.O_CREAT | os.O_EXCL))
                os.kill(os.getpid(), signal.SIGKILL)
            except FileExistsError:
                pass
        yield document

steps = [
    JsonlReader(source, doc_progress=False),
    Weedout(exclusion_writer=JsonlWriter(out + "/spam")),
    once,
    JsonlWriter(out + "/clean"),
]
if __name__ == "__main__":
    LocalPipelineExecutor(steps, tasks=2, workers=int(workers), logging_dir=out + "/logs").run()
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_a_rank_that_is_killed_is_done_when_run_again(
    workers: int, source: Path, records: Rows, expected: Rows, tmp_path: Path
) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    arguments = [sys.executable, str(script), str(source), str(tmp_path), str(workers)]
    first = subprocess.Popen(arguments, start_new_session=True, stderr=subprocess.DEVNULL)
    if workers == 1:
        assert first.wait(timeout=300) == -signal.SIGKILL
    else:
        # The pool waits for ever for a worker that is gone: whoever started it has to end it.
        until = time.monotonic() + 300
        done = [tmp_path / "killed", tmp_path / "logs/completions/00000"]
        while not all(path.exists() for path in done):
            assert first.poll() is None and time.monotonic() < until
            time.sleep(0.1)
    # Processes of datatrove outlive the one that started them.
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    # What is not done is not told as done.
    assert os.listdir(tmp_path / "logs/completions") == ["00000"]
    subprocess.run(arguments, check=True, timeout=300, stderr=subprocess.DEVNULL)
    assert sorted(os.listdir(tmp_path / "logs/completions")) == ["00000", "00001"]
    assert [row["id"] for row in written(tmp_path / "clean")] == [row["id"] for row in kept(records, expected)]
    assert [row["id"] for row in written(tmp_path / "spam")] == [
        row["id"] for row in expected if row["weedout"]["label"] == "spam"
    ]


@pytest.mark.parametrize("tasks", [1, 3])
def test_a_sketch_is_that_of_the_command_line_however_it_is_shared_out(
    tasks: int, crawl: Rows, sketch_of_crawl: Path, tmp_path: Path
) -> None:
    engine("datatrove.executor", "datatrove.pipeline.readers", "orjson")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader

    from weedout.datatrove import Count, Merge, Weedout

    source, out = tmp_path / "in", tmp_path / "crawl.sketch"
    source.mkdir()
    for number in range(4):
        lines = [json.dumps(row) + "\n" for row in crawl[number::4]]
        (source / f"{number}.jsonl").write_text("".join(lines), encoding="utf-8")
    steps = [JsonlReader(str(source), doc_progress=False), Count(str(tmp_path / "parts"))]
    first = LocalPipelineExecutor(steps, tasks=tasks, workers=1, logging_dir=str(tmp_path / "logs/1"))
    merge = [Merge(str(tmp_path / "parts"), out, ranks=tasks)]
    LocalPipelineExecutor(merge, tasks=1, logging_dir=str(tmp_path / "logs/2"), depends=first).run()
    assert out.read_bytes() == sketch_of_crawl.read_bytes()
    assert "+sketch-" in next(iter(Weedout(sketch=out, annotate=True).run(first.pipeline[0].run()))).metadata["weedout"]["model"]
    # A rank that has not counted is missed.
    (tmp_path / "parts/00000.sketch").unlink()
    with pytest.raises(ValueError, match="1 of . ranks"):
        merge[0].run()


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
