"""Ray Data, on this machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import weedout.ray
from conftest import as_command_line, engine, start_ray

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    ray = engine("ray", "ray.data")
    start_ray()
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield ray
    ray.shutdown()


def sorted_rows(dataset: Any) -> Rows:
    return sorted((as_command_line(row) for row in dataset.take_all()), key=lambda row: row["number"])


def test_datasets(ray: Any, records: Rows, expected: Rows) -> None:
    dataset = ray.data.from_arrow(pa.Table.from_pylist(records)).repartition(4)
    assert sorted_rows(weedout.ray.clean(dataset)) == expected


def test_actors(ray: Any, records: Rows, expected: Rows) -> None:
    dataset = ray.data.from_arrow(pa.Table.from_pylist(records)).repartition(4)
    arguments = {"column": "text", "profile": "balanced"}
    cleaned = dataset.map_batches(
        weedout.ray.Clean, batch_format="pyarrow", fn_constructor_kwargs=arguments, concurrency=1
    )
    assert sorted_rows(cleaned) == expected


def test_a_worker_that_is_killed_loses_and_doubles_nothing(ray: Any, records: Rows, expected: Rows, tmp_path: Path) -> None:
    killed, clean = str(tmp_path / "killed"), weedout.ray.Clean()

    def once(table: Any) -> Any:
        try:
            os.close(os.open(killed, os.O_CREAT | os.O_EXCL))
            os.kill(os.getpid(), signal.SIGKILL)
        except FileExistsError:
            pass
        return clean(table)

    dataset = ray.data.from_arrow(pa.Table.from_pylist(records)).repartition(4)
    assert sorted_rows(dataset.map_batches(once, batch_format="pyarrow")) == expected
    assert os.path.exists(killed)


def test_wrong_options_are_told_before_any_work(ray: Any) -> None:
    with pytest.raises(ValueError, match="keep-more"):
        weedout.ray.clean(ray.data.range(3), profile="harsh")


def test_a_sketch_is_that_of_the_command_line_however_it_is_shared_out(
    ray: Any, crawl: Rows, sketch_of_crawl: Path, tmp_path: Path
) -> None:
    schema = pa.schema({"url": pa.string(), "text": pa.string()})
    table = pa.Table.from_pylist(crawl, schema=schema)
    for blocks in (1, 5):
        out = tmp_path / f"{blocks}.sketch"
        weedout.ray.sketch(ray.data.from_arrow(table).repartition(blocks), out, map_batches={"batch_size": 16})
        assert out.read_bytes() == sketch_of_crawl.read_bytes()
    again = weedout.ray.clean(ray.data.from_arrow(table.slice(0, 3)), sketch=str(out)).take_all()
    assert all("+sketch-" in row["weedout"]["model"] for row in again)
