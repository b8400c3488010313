from collections.abc import Iterable, Sequence
from os import PathLike
from typing import Any, Literal, final, overload

from .types import ArrowArray, ArrowStream, BlockRecord, Finding, Format, Profile

__all__ = ["Block", "Cleaned", "Cleaner", "Error", "Removal", "Sketch", "__version__", "main"]

__version__: str

class Error(Exception):
    """A text, a model or Arrow data that weedout could not process; the message says which, and what to do."""

@final
class Removal:
    """Something that was removed."""

    @property
    def start(self) -> int | None:
        """``text[start:end]`` is what went; None in HTML."""
    @property
    def end(self) -> int | None: ...
    @property
    def text(self) -> str: ...
    @property
    def spam_probability(self) -> float: ...
    @property
    def rule(self) -> str | None:
        """The rule that spoke loudest for spam."""

@final
class Cleaned:
    """A text after cleaning. ``str()`` of it is the clean text."""

    @property
    def text(self) -> str: ...
    @property
    def label(self) -> Literal["genuine", "mixed", "spam"]: ...
    @property
    def blocks(self) -> int: ...
    @property
    def removed(self) -> list[Removal]: ...
    @property
    def spam_probability(self) -> float | None:
        """The highest among what was removed; None when nothing was."""

@final
class Block:
    """A block of a text: a paragraph, a line, an item of a list, a cue of subtitles."""

    @property
    def start(self) -> int | None:
        """``text[start:end]`` is the block; None in HTML."""
    @property
    def end(self) -> int | None: ...
    @property
    def kind(self) -> Literal["paragraph", "heading", "item", "quote", "code", "row", "cue", "line", "caption"]: ...
    @property
    def label(self) -> Literal["genuine", "spam", "furniture"]: ...
    @property
    def spam_probability(self) -> float: ...
    @property
    def text(self) -> str: ...

@final
class Cleaner:
    """Removes link spam from texts and keeps the rest as it is. The model is loaded once a process."""

    def __new__(
        cls,
        *,
        profile: Profile = "balanced",
        model: str | PathLike[str] | None = None,
        keep_furniture: bool = False,
        markdown: bool = False,
        allow_hosts: Sequence[str] = (),
        allow_phrases: Sequence[str] = (),
        sketch: str | PathLike[str] | None = None,
        threads: int = 1,
    ) -> Cleaner: ...
    @property
    def model_id(self) -> str: ...
    def clean(self, text: str, *, format: Format | None = None) -> Cleaned:
        """Cleans one text."""
    def blocks(self, text: str, *, format: Format | None = None) -> list[Block]:
        """Splits one text into blocks and judges them."""
    def check(self, text: str, *, format: Format | None = None) -> list[Finding]:
        """Finds spam in one text."""
    def explain(self, text: str, *, format: Format | None = None) -> list[BlockRecord]:
        """Every block with the contributions that add up to its log-odds of spam."""
    @overload
    def clean_array(self, array: ArrowArray, *, format: Format | None = None) -> ArrowArray: ...
    @overload
    def clean_array(self, array: ArrowStream, *, format: Format | None = None) -> ArrowStream:
        """Cleans an Arrow array of n strings; returns n structs of the text and what was removed."""
    @overload
    def clean_batch(
        self, batch: ArrowArray, *, column: str = "text", format: Format | None = None, annotate: bool = False
    ) -> ArrowArray: ...
    @overload
    def clean_batch(
        self, batch: ArrowStream, *, column: str = "text", format: Format | None = None, annotate: bool = False
    ) -> ArrowStream:
        """Cleans one column of n rows of Arrow data and adds a column ``weedout`` that says what was removed."""
    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Any]]: ...

@final
class Sketch:
    """Counts what the documents of a crawl have in common, for ``Cleaner(sketch=…)``. Parts put together are the whole."""

    def __new__(cls, *, profile: Profile = "balanced", model: str | PathLike[str] | None = None) -> Sketch: ...
    def add(self, text: str, url: str | None = None, *, format: Format | None = None) -> bool:
        """Counts one text; False when it is passed over."""
    def add_batch(
        self,
        batch: ArrowArray | ArrowStream,
        *,
        column: str = "text",
        url: str | None = "url",
        format: Format | None = None,
    ) -> int:
        """Counts the rows of Arrow data; returns how many were counted."""
    def merge(self, other: bytes) -> None:
        """Adds what another sketch has counted."""
    @staticmethod
    def merged(parts: Iterable[bytes]) -> bytes:
        """Puts sketches together."""
    def to_bytes(self) -> bytes:
        """The bytes of the sketch, as a file has them."""
    def save(self, path: str | PathLike[str]) -> None:
        """Writes the sketch to a file, whole or not at all."""
    def __len__(self) -> int: ...

def main(args: Sequence[str]) -> int:
    """Runs the command line on ``args``, the program's name first, and returns its exit code."""
