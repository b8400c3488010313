"""datatrove: a step of a pipeline.

    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from weedout.datatrove import Weedout

    LocalPipelineExecutor([JsonlReader("crawl/"), Weedout(exclusion_writer=JsonlWriter("spam/")), JsonlWriter("clean/")], tasks=4).run()
"""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING, Any

from datatrove.io import get_datafolder
from datatrove.pipeline.base import PipelineStep
from datatrove.utils.typeshelper import StatHints

from ._batch import CountBatch, cleaner
from ._weedout import Sketch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from datatrove.data import Document
    from datatrove.io import DataFolderLike
    from datatrove.pipeline.writers.disk_base import DiskWriter

    from ._weedout import Cleaned
    from .types import Format

__all__ = ["Count", "Merge", "Weedout"]


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


class Count(PipelineStep):  # type: ignore[misc]
    """The first of two passes: counts the evidence across documents, each rank into a sketch of its own, which `Merge` puts together.

    Documents are passed on as they are.

    Args:
        output_folder: where the sketches go, ``00000.sketch`` for rank 0.
        url: the key of ``metadata`` with the address a document came from.
        format: as for ``Sketch.add``.
        options: the arguments of ``Sketch``.
    """

    name = "weedout: count"
    type = "STATS"

    def __init__(
        self, output_folder: DataFolderLike, *, url: str = "url", format: Format | None = None, **options: Any
    ) -> None:
        super().__init__()
        self.output_folder = get_datafolder(output_folder)
        self.url = url
        self.step = CountBatch(format=format, **options)

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Documents in, the same documents out; the sketch is written after the last."""
        sketch = self.step.empty()
        for document in data:
            url = document.metadata.get(self.url)
            counted = sketch.add(document.text, url if isinstance(url, str) else None, format=self.step.format)
            self.stat_update("counted" if counted else "passed")
            yield document
        with self.output_folder.open(f"{rank:05d}.sketch", "wb") as file:
            file.write(sketch.to_bytes())


class Merge(PipelineStep):  # type: ignore[misc]
    """Puts the sketches of all ranks of `Count` together into the sketch ``out``, for ``Weedout(sketch=out)``. One task does it.

    The file has the same bytes however documents were shared out among ranks.

    Args:
        input_folder: where `Count` wrote.
        out: the file to write, where every worker of the second pass finds it.
        ranks: how many tasks counted; with fewer sketches than that, nothing is written.
    """

    name = "weedout: merge"
    type = "STATS"

    def __init__(self, input_folder: DataFolderLike, out: str | os.PathLike[str], ranks: int) -> None:
        super().__init__()
        self.input_folder, self.out, self.ranks = get_datafolder(input_folder), os.fspath(out), ranks

    def run(self, data: Iterable[Document] | None = None, rank: int = 0, world_size: int = 1) -> None:
        """Nothing in, nothing out."""
        if world_size != 1:
            raise ValueError(f"one task puts sketches together, and not {world_size}")
        parts = [f"{part:05d}.sketch" for part in range(self.ranks)]
        if missing := [part for part in parts if not self.input_folder.exists(part)]:
            raise ValueError(f"{len(missing)} of {self.ranks} ranks have counted nothing, such as {missing[0]}; run them again")
        whole = Sketch.merged(self._read(part) for part in parts)
        _whole(self.out, whole)

    def _read(self, part: str) -> bytes:
        with self.input_folder.open(part, "rb") as file:
            return bytes(file.read())


def _whole(path: str, content: bytes) -> None:
    """Writes a file, whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=os.path.dirname(path) or ".", prefix=".weedout-", suffix=".tmp", delete=False) as file:
        file.write(content)
    os.replace(file.name, path)
