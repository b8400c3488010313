"""datatrove: a step of a pipeline.

    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from weedout.datatrove import Weedout

    LocalPipelineExecutor([JsonlReader("crawl/"), Weedout(exclusion_writer=JsonlWriter("spam/")), JsonlWriter("clean/")], tasks=4).run()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datatrove.pipeline.base import PipelineStep
from datatrove.utils.typeshelper import StatHints

from ._batch import cleaner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from datatrove.data import Document
    from datatrove.pipeline.writers.disk_base import DiskWriter

    from ._weedout import Cleaned
    from .types import Format

__all__ = ["Weedout"]


class Weedout(PipelineStep):  # type: ignore[misc]
    """Cleans the text of documents. ``metadata["weedout"]`` says what was removed, as the records of the command line do.

    A document with nothing genuine left is not passed on; it goes to the exclusion writer as it came, and so does one that could
    not be processed, with ``error`` in its note.

    Args:
        exclusion_writer: where documents go that are not passed on; without one they are only counted.
        format: as for ``Cleaner.clean``.
        annotate: leave texts as they are, and pass on every document.
        options: the arguments of ``Cleaner``.
    """

    name = "weedout"
    type = "FORMAT"

    def __init__(
        self,
        exclusion_writer: DiskWriter | None = None,
        *,
        format: Format | None = None,
        annotate: bool = False,
        **options: Any,
    ) -> None:
        super().__init__()
        self.exclusion_writer = exclusion_writer
        self.format, self.annotate, self.options = format, annotate, options
        cleaner(options)

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Documents in, those with genuine text out, in order."""
        if self.exclusion_writer is None:
            yield from self._documents(data, None)
            return
        with self.exclusion_writer as writer:
            yield from self._documents(data, lambda document: writer.write(document, rank))

    def _documents(self, data: Iterable[Document], exclude: Any) -> Iterator[Document]:
        for document in data:
            self.stat_update(StatHints.total)
            with self._timed():
                keep = self._clean(document)
            if keep:
                self.stat_update(StatHints.forwarded)
                self.update_doc_stats(document)
                yield document
            else:
                self.stat_update(StatHints.dropped)
                if exclude is not None:
                    exclude(document)

    def _timed(self) -> AbstractContextManager[Any]:
        return self.track_time()  # type: ignore[no-any-return]

    def _clean(self, document: Document) -> bool:
        """True when the document is to be passed on."""
        from ._weedout import Error

        try:
            cleaned = cleaner(self.options).clean(document.text, format=self.format)
        except Error as error:
            self.stat_update("failed")
            document.metadata["weedout"] = {"error": str(error)}
            return self.annotate
        document.metadata["weedout"] = _note(cleaned, cleaner(self.options).model_id)
        if cleaned.removed:
            self.stat_update("changed")
        if self.annotate:
            return True
        if cleaned.label == "spam":
            return False
        document.text = cleaned.text
        return True


def _note(cleaned: Cleaned, model: str) -> dict[str, Any]:
    """What the command line adds to a record."""
    removed = [
        [mark.text, mark.spam_probability, mark.rule]
        if mark.start is None
        else [mark.start, mark.end, mark.spam_probability, mark.rule]
        for mark in cleaned.removed
    ]
    return {"label": cleaned.label, "blocks": cleaned.blocks, "removed": removed, "model": model}
