"""What calls take and return, for type checkers and for reading."""

from __future__ import annotations

from typing import Literal, Protocol, TypeAlias, TypedDict

Profile: TypeAlias = Literal["strict", "balanced", "keep-more"]
Format: TypeAlias = Literal["auto", "html", "markdown", "text", "srt", "vtt"]


class ArrowArray(Protocol):
    """An array, or a record batch as a struct array, behind the Arrow PyCapsule interface."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """Capsules of its schema and of itself."""
        ...


class ArrowStream(Protocol):
    """A chunked array, table or reader behind the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A capsule of the stream."""
        ...


class Position(TypedDict):
    """A place in a text, both counted from 1, columns in Unicode scalars."""

    line: int
    column: int


class Reason(TypedDict):
    """One part of the sum that makes log-odds of spam (natural logarithm)."""

    rule: str
    log_odds: float
    evidence: str


class Finding(TypedDict):
    """A record of ``weedout check --output-format json``."""

    path: str
    rule: str
    extent: Literal["run", "block", "cut", "field"]
    blocks: int
    anchors: bool
    start: Position
    end: Position
    byte_start: int | None
    byte_end: int | None
    texts: list[str]
    spam_probability: float
    reasons: list[Reason]
    fingerprint: str


class BlockRecord(TypedDict):
    """A block record, as ``weedout explain --format jsonl`` has it; the command adds some fields."""

    v: int
    path: str
    block: int
    kind: str
    byte_start: int | None
    byte_end: int | None
    line_start: int
    line_end: int
    text: str
    label: Literal["genuine", "spam", "furniture"]
    spam_probability: float
    reasons: list[Reason]
    model: str
