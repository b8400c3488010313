"""Apache Spark with a JVM, on this machine: `local[2,3]`, two cores and three tries. `local[2]` would not try again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset
import pytest

import weedout.spark
from conftest import as_command_line, command, engine

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    engine("pyspark.core", "pandas")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "3",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "7",
    }
    builder = SparkSession.builder.master("local[2,3]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture
def frame(spark: Any, records: Rows) -> Any:
    return spark.createDataFrame(records, "id string, text string, number int").repartition(4)


def written(folder: Path) -> Rows:
    rows = pa.dataset.dataset(str(folder)).to_table().to_pylist()
    return sorted((as_command_line(row) for row in rows), key=lambda row: row["number"])


def test_frames_are_those_of_the_command_line(frame: Any, expected: Rows, tmp_path: Path) -> None:
    weedout.spark.clean(frame).write.parquet(str(tmp_path / "out"))
    assert written(tmp_path / "out") == expected
    assert (tmp_path / "out/_SUCCESS").exists()


def test_the_schema_is_the_one_announced(frame: Any) -> None:
    cleaned = weedout.spark.clean(frame)
    assert cleaned.schema == weedout.spark.schema(frame.schema)
    assert cleaned.select("weedout.removed.spam_probability").schema.simpleString() == "struct<spam_probability:array<float>>"


def test_a_worker_that_is_killed_loses_and_doubles_nothing(frame: Any, expected: Rows, tmp_path: Path) -> None:
    step, killed = weedout.spark.MapInArrow(), str(tmp_path / "killed")

    def once(batches: Iterator[Any]) -> Iterator[Any]:
        for number, batch in enumerate(batches):
            if number == 1:
                try:
                    os.close(os.open(killed, os.O_CREAT | os.O_EXCL))
                    os.kill(os.getpid(), signal.SIGKILL)
                except FileExistsError:
                    pass
            yield from step(iter([batch]))

    frame.mapInArrow(once, weedout.spark.schema(frame.schema)).write.parquet(str(tmp_path / "out"))
    assert os.path.exists(killed)
    assert written(tmp_path / "out") == expected


def test_a_worker_that_dies_every_time_commits_nothing(frame: Any, tmp_path: Path) -> None:
    step = weedout.spark.MapInArrow()

    def always(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            if 5 in batch.column("number").to_pylist():
                os.kill(os.getpid(), signal.SIGKILL)
            yield from step(iter([batch]))

    with pytest.raises(Exception, match="(?i)job aborted|task failed|crashed"):
        frame.mapInArrow(always, weedout.spark.schema(frame.schema)).write.parquet(str(tmp_path / "out"))
    assert not [path for path in (tmp_path / "out").glob("*") if path.name.startswith(("part-", "_SUCCESS"))]


@pytest.mark.skipif(not os.environ.get("WEEDOUT_FAULTS"), reason="NOT TESTED: panics; see test_faults.py")
def test_a_panic_is_a_null_row(spark: Any) -> None:
    rows = [("a", "\uffffweedout-panic"), ("b", "Hello there.")]
    out = weedout.spark.clean(spark.createDataFrame(rows, "id string, text string")).orderBy("id").collect()
    assert [row.text for row in out] == [None, "Hello there."]
    assert "a fault was asked for" in out[0].weedout.error


CLUSTER = """
import json, sys
from pyspark.sql import SparkSession
import weedout.spark

# Two workers of one core each, in processes of their own; a worker may not have less memory than its executor.
builder = SparkSession.builder.master("local-cluster[2,1,1100]").config("spark.executor.memory", "1g")
spark = builder.config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1").getOrCreate()
spark.sparkContext.setLogLevel("OFF")
source, out = sys.argv[1:]
frame = spark.read.schema("id string, text string, number int").json(source).repartition(4)
weedout.spark.clean(frame).write.parquet(out)
spark.stop()
"""


def test_a_cluster_gives_the_same(records: Rows, expected: Rows, tmp_path: Path) -> None:
    engine("pyspark.core", "pandas")
    source, out = tmp_path / "in.jsonl", tmp_path / "out"
    source.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", CLUSTER, str(source), str(out)],
        env={**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    assert written(out) == expected


def share_is_known() -> bool:
    ended = subprocess.run([sys.executable, "-m", "weedout", "clean", "--help"], capture_output=True, check=True)
    return b"--shard" in ended.stdout


@pytest.mark.skipif(not share_is_known(), reason="NOT TESTED: clean_files; this weedout has no `clean --shard`")
class TestFiles:
    @pytest.fixture
    def files(self, tmp_path: Path, records: Rows) -> list[str]:
        source = tmp_path / "in"
        source.mkdir()
        for number in range(6):
            lines = [json.dumps(record) + "\n" for record in records if record["number"] % 6 == number]
            (source / f"part-{number}.jsonl").write_text("".join(lines), encoding="utf-8")
        return sorted(map(str, source.iterdir()))

    def rows(self, out: Path) -> Rows:
        lines = [line for path in sorted(out.rglob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
        return sorted(map(json.loads, lines), key=lambda row: row["number"])

    @pytest.fixture
    def kept(self, expected: Rows) -> Rows:
        """What is written: a file's records with nothing genuine in them are not."""
        return [row for row in expected if row["weedout"]["label"] != "spam"]

    def test_every_file_is_cleaned_once(self, spark: Any, files: list[str], kept: Rows, tmp_path: Path) -> None:
        done = weedout.spark.clean_files(spark, files, tmp_path / "out", shares=4, arguments=["--no-config"])
        assert [(share.share, share.code) for share in done] == [(number, 0) for number in range(4)]
        assert self.rows(tmp_path / "out") == kept

    def test_a_share_that_is_killed_is_done_again(self, spark: Any, files: list[str], kept: Rows, tmp_path: Path) -> None:
        killed = tmp_path / "killed"
        script = tmp_path / "weedout"
        script.write_text(
            f"#!/bin/sh\nif mkdir {killed} 2>/dev/null; then kill -9 $$; fi\nexec {sys.executable} -m weedout \"$@\"\n"
        )
        script.chmod(0o755)
        weedout.spark.clean_files(
            spark, files, tmp_path / "out", shares=3, arguments=["--no-config"], command=[str(script)]
        )
        assert killed.is_dir()
        assert self.rows(tmp_path / "out") == kept

    def test_a_bad_record_is_told_and_the_others_are_done(self, spark: Any, files: list[str], kept: Rows, tmp_path: Path) -> None:
        with open(files[2], "a", encoding="utf-8") as file:
            file.write("no record\n")
        with pytest.raises(weedout.Error, match="1 of 3 shares"):
            weedout.spark.clean_files(spark, files, tmp_path / "out", shares=3, arguments=["--no-config"])
        assert self.rows(tmp_path / "out") == kept

    def test_a_sketch_is_that_of_the_command_line_however_it_is_shared_out(
        self, spark: Any, records: Rows, tmp_path: Path
    ) -> None:
        spam = "lorabet giriş\nkaçak iddaa siteleri\ndeneme bonusu veren siteler\nHacklink satın al\n"
        files = [tmp_path / f"{number}.jsonl" for number in range(5)]
        for number, file in enumerate(files):
            text = f"We met at the harbour on day {number} and talked about boats.\n{spam}"
            file.write_text(json.dumps({"url": f"https://site{number}.example/", "text": text}) + "\n", encoding="utf-8")
        names = [str(file) for file in files]
        whole = tmp_path / "whole.sketch"
        subprocess.run([*command(), "sketch", *names, "--out", whole], check=True, capture_output=True)
        for shares in (1, 4, 9):
            out = tmp_path / f"{shares}.sketch"
            weedout.spark.sketch_files(spark, names, out, shares=shares)
            assert out.read_bytes() == whole.read_bytes()
            assert not (tmp_path / f"{shares}.sketch.parts").exists()
        done = weedout.spark.clean_files(spark, names, tmp_path / "out", shares=2, arguments=["--sketch", str(out)])
        assert [share.code for share in done] == [0, 0]
        manifest = json.loads((tmp_path / "out-audit/0.jsonl.manifest.json").read_text())
        assert "+sketch-" in manifest["model"]

    def test_a_file_that_cannot_be_read_makes_no_sketch(self, spark: Any, files: list[str], tmp_path: Path) -> None:
        with pytest.raises(weedout.Error, match="1 of 3 shares.*(?s:.*)no-such"):
            weedout.spark.sketch_files(spark, [*files, str(tmp_path / "no-such.jsonl")], tmp_path / "x.sketch", shares=3)
        assert not (tmp_path / "x.sketch").exists()
