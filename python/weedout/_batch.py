"""What the adapters share: a cleaner a process, and record batches of pyarrow."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from ._weedout import Cleaner

if TYPE_CHECKING:
    import pyarrow as pa

    from .types import Format

#: The column that is added, and the types of its fields as Arrow and Spark write them.
NOTES = "weedout"


@functools.lru_cache(maxsize=8)
def _known(options: tuple[tuple[str, Any], ...]) -> Cleaner:
    return Cleaner(**dict(options))


def cleaner(options: dict[str, Any]) -> Cleaner:
    """The cleaner with these options, made once a process."""
    frozen = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
    return _known(tuple(sorted(frozen.items())))


class CleanBatch:
    """Cleans record batches of pyarrow. It can be pickled: engines send it to their workers, which load the model.

    Args:
        column, format, annotate: as for ``Cleaner.clean_batch``.
        options: the arguments of ``Cleaner``.
    """

    def __init__(
        self, column: str = "text", *, format: Format | None = None, annotate: bool = False, **options: Any
    ) -> None:
        self.column, self.format, self.annotate, self.options = column, format, annotate, options
        # A wrong option is told here and not by a worker.
        cleaner(options)

    def batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """One record batch to one of as many rows."""
        import pyarrow as pa

        return pa.record_batch(self._cleaned(batch))

    def table(self, table: pa.Table) -> pa.Table:
        """One table to one of as many rows."""
        import pyarrow as pa

        return pa.table(self._cleaned(table))

    def _cleaned(self, data: Any) -> Any:
        kernel = cleaner(self.options)
        return kernel.clean_batch(data, column=self.column, format=self.format, annotate=self.annotate)
