"""Ray Data: cleans a dataset by ``map_batches``.

    import ray, weedout.ray
    dataset = weedout.ray.clean(ray.data.read_parquet("crawl/"), column="text")

Ray has no commit protocol: write to a new folder and take it for done only when the call that writes has returned. Leave
``max_errored_blocks`` at 0, its default: a block that fails is otherwise left out and the job still succeeds. A row that cannot be
processed is no error to Ray; it comes back with ``weedout.error`` set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._batch import CleanBatch

if TYPE_CHECKING:
    import pyarrow as pa
    from ray.data import Dataset

    from .types import Format

__all__ = ["Clean", "clean"]


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
