"""Sail: Spark's interface on an engine without a JVM; the quick check of the code for Spark."""

from __future__ import annotations

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
from conftest import as_command_line, engine

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    server_of = engine("pysail.spark", "pyspark.sql", "pandas", "grpc").SparkConnectServer
    from pyspark.sql import SparkSession

    server = server_of(ip="127.0.0.1", port=0)
    server.start(background=True)
    _, port = server.listening_address
    session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
    yield session
    session.stop()
    server.stop()


def test_frames(spark: Any, records: Rows, expected: Rows) -> None:
    frame = spark.createDataFrame(records, "id string, text string, number int").repartition(3)
    rows = [row.asDict(recursive=True) for row in weedout.spark.clean(frame).collect()]
    assert sorted((as_command_line(row) for row in rows), key=lambda row: row["number"]) == expected


def test_wrong_columns_are_told_before_any_work(spark: Any, records: Rows) -> None:
    frame = spark.createDataFrame(records, "id string, text string, number int")
    with pytest.raises(KeyError, match="no column `body`"):
        weedout.spark.clean(frame, column="body")
    with pytest.raises(TypeError, match="`number` is int"):
        weedout.spark.clean(frame, column="number")
    with pytest.raises(ValueError, match="keep-more"):
        weedout.spark.clean(frame, profile="harsh")


SERVER = """
import sys
from pysail.spark import SparkConnectServer

server = SparkConnectServer(ip="127.0.0.1", port=0)
server.start(background=True)
print(server.listening_address[1], flush=True)
sys.stdin.read()
"""


def test_a_worker_that_is_killed_commits_nothing(records: Rows, expected: Rows, tmp_path: Path) -> None:
    engine("pysail.spark", "pyspark.sql", "pandas", "grpc")
    from pyspark.sql import SparkSession
    from pyspark.sql.connect.client.retries import DefaultPolicy

    killed, step = str(tmp_path / "killed"), weedout.spark.MapInArrow()

    def once(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            if 5 in batch.column("number").to_pylist():
                try:
                    os.close(os.open(killed, os.O_CREAT | os.O_EXCL))
                    os.kill(os.getpid(), signal.SIGKILL)
                except FileExistsError:
                    pass
            yield from step(iter([batch]))

    def run(out: Path) -> None:
        # Python runs in the process of the engine, so it is that which dies.
        server = subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            assert server.stdout is not None
            session = SparkSession.builder.remote(f"sc://127.0.0.1:{int(server.stdout.readline())}").create()
            # The server does not come back: the client need not wait ten minutes for it.
            session.client.set_retry_policies([DefaultPolicy(max_retries=1)])
            frame = session.createDataFrame(records, "id string, text string, number int").repartition(3)
            frame.mapInArrow(once, weedout.spark.schema(frame.schema)).write.parquet(str(out))
        finally:
            server.kill()
            server.communicate()

    with pytest.raises(Exception, match="(?i)connect|unavailable|socket|closed|reset"):
        run(tmp_path / "first")
    assert os.path.exists(killed)
    assert not list((tmp_path / "first").rglob("*.parquet"))
    run(tmp_path / "second")
    rows = pa.dataset.dataset(str(tmp_path / "second")).to_table().to_pylist()
    assert sorted((as_command_line(row) for row in rows), key=lambda row: row["number"]) == expected
