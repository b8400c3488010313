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
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    start_ray(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=200 << 20)
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
