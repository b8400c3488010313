"""What the adapters share: a cleaner a process, record batches of pyarrow, and sketches of them."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any

from ._weedout import Cleaner, Sketch

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from .types import Format

#: The column that is added, and the types of its fields as Arrow and Spark write them.
NOTES = "weedout"


@functools.lru_cache(maxsize=8)
def _known(options: tuple[tuple[str, Any], ...], sketch: tuple[int, int] | None) -> Cleaner:
    return Cleaner(**dict(options))


def cleaner(options: dict[str, Any]) -> Cleaner:
    """The cleaner with these options, made once a process, and again when the file of its sketch has changed."""
    frozen = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
    return _known(tuple(sorted(frozen.items())), _state(options.get("sketch")))


def _state(path: str | os.PathLike[str] | None) -> tuple[int, int] | None:
    """What tells that a file has changed."""
    if path is None:
        return None
    state = os.stat(path)
    return state.st_mtime_ns, state.st_size


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


class CountBatch:
    """Counts Arrow data into sketches, the first of two passes over a crawl. It can be pickled, as `CleanBatch` can.

    Args:
        column, url, format: as for ``Sketch.add_batch``.
        options: the arguments of ``Sketch``.
    """

    def __init__(
        self, column: str = "text", *, url: str | None = "url", format: Format | None = None, **options: Any
    ) -> None:
        self.column, self.url, self.format, self.options = column, url, format, options
        # A wrong option is told here and not by a worker.
        self.empty()

    def empty(self) -> Sketch:
        """A sketch that nothing was counted into."""
        return Sketch(**self.options)

    def counted(self, data: Any) -> bytes:
        """The sketch of a record batch or table."""
        sketch = self.empty()
        sketch.add_batch(data, column=self.column, url=self.url, format=self.format)
        return sketch.to_bytes()

    def save(self, parts: Iterable[bytes], out: str | os.PathLike[str]) -> None:
        """Writes the sketches of parts as one, whole or not at all."""
        whole = self.empty()
        for part in parts:
            whole.merge(part)
        whole.save(out)
