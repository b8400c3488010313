"""Sail: Spark's interface on an engine without a JVM; the quick check of the code for Spark."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

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
