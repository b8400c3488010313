"""Ray Data: cleans a dataset by ``map_batches``.

    import ray, weedout.ray
    dataset = weedout.ray.clean(ray.data.read_parquet("crawl/"), column="text")

Ray has no commit protocol: write to a new folder and take it for done only when the call that writes has returned. Leave
``max_errored_blocks`` at 0, its default: a block that fails is otherwise left out and the job still succeeds. A row that cannot be
processed is no error to Ray; it comes back with ``weedout.error`` set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._batch import CleanBatch, CountBatch
from ._weedout import Sketch

if TYPE_CHECKING:
    import os

    import pyarrow as pa
    from ray.data import Dataset

    from .types import Format

__all__ = ["Clean", "clean", "sketch"]


class Clean(CleanBatch):
    """A class for ``Dataset.map_batches(Clean, batch_format="pyarrow", fn_constructor_kwargs=…)``.

    Args:
        column, format, annotate: as for ``Cleaner.clean_batch``.
        options: the arguments of ``Cleaner``.
    """

    def __call__(self, table: pa.Table) -> pa.Table:
        """n rows in, n rows out."""
        return self.table(table)


def clean(
    dataset: Dataset,
    column: str = "text",
    *,
    format: Format | None = None,
    annotate: bool = False,
    map_batches: dict[str, Any] | None = None,
    **options: Any,
) -> Dataset:
    """Cleans a column of a dataset and adds a column ``weedout`` that says what was removed.

    It is a lazy step as any other of Ray Data, run by tasks; the model is loaded once a worker process.

    Args:
        dataset: with a column of strings.
        column, format, annotate: as for ``Cleaner.clean_batch``.
        map_batches: more arguments for ``Dataset.map_batches``, such as ``{"num_cpus": 1}``.
        options: the arguments of ``Cleaner``.

    Raises:
        ValueError, OSError, weedout.Error: as ``Cleaner`` does, before any work.
    """
    step = CleanBatch(column, format=format, annotate=annotate, **options)
    return dataset.map_batches(step.table, **{"batch_format": "pyarrow", **(map_batches or {})})


#: The column with the sketches of parts.
_PART = "sketch"


def sketch(
    dataset: Dataset,
    out: str | os.PathLike[str],
    column: str = "text",
    *,
    url: str | None = "url",
    format: Format | None = None,
    map_batches: dict[str, Any] | None = None,
    **options: Any,
) -> None:
    """The first of two passes: counts the evidence across a dataset into the sketch ``out``, which the second takes:
    ``clean(dataset, sketch=out)``.

    Each batch is counted into a sketch by ``map_batches``; sketches are put together by Ray's own ``aggregate``. The file has the same
    bytes whatever the blocks are, and however often one is tried again.

    Args:
        dataset: with a column of strings.
        out: the file to write, on the machine that calls; for the second pass it must be there for every worker.
        column, url, format: as for ``Sketch.add_batch``.
        map_batches: more arguments for ``Dataset.map_batches``.
        options: the arguments of ``Sketch``.

    Raises:
        ValueError, OSError, weedout.Error: as ``Sketch`` does, before any work.
    """
    step = CountBatch(column, url=url, format=format, **options)

    def count(table: pa.Table) -> pa.Table:
        import pyarrow as pa

        return pa.table({_PART: pa.array([step.counted(table)], pa.large_binary())})

    parts = dataset.map_batches(count, **{"batch_format": "pyarrow", **(map_batches or {})})
    whole = parts.aggregate(_merging())
    # Without rows there is nothing to put together.
    part = (whole or {}).get(_PART)
    step.save([part] if part else [], out)


def _merging() -> Any:
    """Ray's aggregation that puts sketches together."""
    from ray.data.aggregate import AggregateFnV2
    from ray.data.block import BlockAccessor

    class Merging(AggregateFnV2):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(_PART, lambda: b"", on=_PART, ignore_nulls=True)

        def aggregate_block(self, block: Any) -> bytes:
            parts = BlockAccessor.for_block(block).to_arrow().column(_PART).to_pylist()
            return Sketch.merged(parts) if parts else b""

        def combine(self, current_accumulator: bytes, new: bytes) -> bytes:
            parts = [part for part in (current_accumulator, new) if part]
            return Sketch.merged(parts) if parts else b""

    return Merging()
