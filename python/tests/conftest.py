"""Records to clean, and what the command line makes of them."""

from __future__ import annotations

import importlib
import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import weedout

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
TEXTS = (".txt", ".md", ".srt", ".vtt")

#: Modules that must be there, or packages of them: `WEEDOUT_REQUIRE="pyspark.sql ray"`.
REQUIRED = os.environ.get("WEEDOUT_REQUIRE", "").split()


def engine(*names: str) -> ModuleType:
    """The first of some modules. A test of one that is not installed is skipped and says so; it fails where it is required."""
    modules = []
    for name in names:
        try:
            modules.append(importlib.import_module(name))
        except ImportError as error:
            text = f"NOT TESTED: {name} is not installed ({error})"
            if name in REQUIRED or name.split(".")[0] in REQUIRED:
                pytest.fail(text)
            pytest.skip(text)
    return modules[0]


def start_ray(**options: Any) -> None:
    """Starts a small Ray. It gives its node 30 seconds to start, which a busy machine does not keep, so it is tried more than once."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # Workers are otherwise at 15, where a busy machine keeps them from ever starting.
    os.environ["RAY_worker_niceness"] = "0"
    ray = importlib.import_module("ray")
    options = {"num_cpus": 2, "include_dashboard": False, "log_to_driver": False, "object_store_memory": 200 << 20, **options}
    for attempt in range(3):
        try:
            ray.init(**options)
            return
        except Exception as error:
            ray.shutdown()
            if attempt == 2 or "timed out" not in str(error):
                raise


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []) if report.longrepr}
    if skipped:
        terminalreporter.section("what was NOT tested", sep="!", red=True)
        for reason in sorted(skipped):
            terminalreporter.line(reason.removeprefix("Skipped: "))


def documents() -> list[tuple[str, str]]:
    """The fixtures that are UTF-8, named."""
    found = []
    for path in sorted(FIXTURES.rglob("*")):
        if path.suffix in (*TEXTS, ".html"):
            try:
                found.append((path.relative_to(FIXTURES).as_posix(), path.read_bytes().decode("utf-8")))
            except UnicodeDecodeError:
                continue
    return found


@pytest.fixture(scope="session")
def records() -> list[dict[str, Any]]:
    """Records as a crawl has them: an identity, a text, and a number that must stay beside its text."""
    texts = [{"id": name, "text": text} for name, text in documents() if not name.endswith(".html")]
    odd = ["", " ", "\n\n", "\N{SEEDLING} Grün, 緑, أخضر", "one line without an end", "a\r\nb\r\n", "nul \0 nul"]
    texts += [{"id": f"odd-{number}", "text": text} for number, text in enumerate(odd)]
    return [{**record, "number": number} for number, record in enumerate(texts)]


@pytest.fixture(scope="session")
def pages() -> list[dict[str, Any]]:
    """The same with pages."""
    found = [(name, text) for name, text in documents() if name.endswith(".html")]
    return [{"id": name, "html": text, "number": number} for number, (name, text) in enumerate(found)]


def command() -> list[str]:
    """The command line: the program named by WEEDOUT, or else that of the wheel."""
    program = os.environ.get("WEEDOUT")
    return [program] if program else [sys.executable, "-m", "weedout"]


def by_command_line(records: list[dict[str, Any]], *arguments: str) -> list[dict[str, Any]]:
    """What `weedout clean - --format jsonl` makes of records."""
    lines = "".join(json.dumps(record) + "\n" for record in records)
    ended = subprocess.run(
        [*command(), "clean", "-", "--format", "jsonl", "--no-config", *arguments],
        input=lines.encode(),
        capture_output=True,
        check=True,
    )
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.fixture(scope="session")
def crawl(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records of many hosts that have spam in common, some without an address or a text."""
    spam = "lorabet giriş\nkaçak iddaa siteleri\ndeneme bonusu veren siteler\nHacklink satın al\n"
    rows: list[dict[str, Any]] = [
        {"url": f"https://site{number % 9}.example/{number}", "text": f"We met on day {number} and talked about boats.\n{spam}"}
        for number in range(30)
    ]
    rows += [{"url": f"https://www.site{number}.example/", "text": record["text"]} for number, record in enumerate(records)]
    rows += [{"url": None, "text": spam}, {"url": "nowhere", "text": spam}, {"url": "https://a.example/", "text": None}]
    return rows


@pytest.fixture(scope="session")
def sketch_of_crawl(crawl: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sketch that the command line makes of `crawl`."""
    folder = tmp_path_factory.mktemp("sketch")
    return sketch_by_command_line(crawl, folder)


def sketch_by_command_line(rows: list[dict[str, Any]], folder: Path, *arguments: str) -> Path:
    """What `weedout sketch` makes of records."""
    source, out = folder / "crawl.jsonl", folder / "crawl.sketch"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    subprocess.run([*command(), "sketch", "--no-config", source, "--out", out, *arguments], check=True, capture_output=True)
    return out


def as_command_line(row: dict[str, Any]) -> dict[str, Any]:
    """A row that came through Arrow, as the command line writes it."""
    notes = dict(row["weedout"])
    assert notes.pop("error") is None
    removed = [dict(mark) for mark in notes["removed"]]
    highest = max((mark["spam_probability"] for mark in removed), default=None)
    assert notes.pop("spam_probability") == highest
    notes["removed"] = [
        [mark["text"], short(mark["spam_probability"]), mark["rule"]]
        if mark["start"] is None
        else [mark["start"], mark["end"], short(mark["spam_probability"]), mark["rule"]]
        for mark in removed
    ]
    return {**row, "weedout": notes}


def short(probability: float) -> float:
    """A 32-bit float as JSON writes it: with the fewest digits that give it back."""
    bits = struct.pack("f", probability)
    digits = (float(f"{probability:.{digits}g}") for digits in range(1, 10))
    return next(number for number in digits if struct.pack("f", number) == bits)


@pytest.fixture(scope="session")
def expected(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records as the command line cleans them."""
    cleaned = by_command_line(records)
    assert len(cleaned) == len(records)
    assert {row["weedout"]["label"] for row in cleaned} == {"genuine", "mixed", "spam"}
    return cleaned


@pytest.fixture(scope="session")
def cleaner() -> weedout.Cleaner:
    return weedout.Cleaner()


@pytest.fixture(scope="session")
def polluted() -> str:
    """A genuine document with a run of spam in it."""
    return (FIXTURES / "clippings/night-baker.txt").read_text(encoding="utf-8")
