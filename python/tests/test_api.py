"""Texts in, clean texts out."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import weedout
from conftest import FIXTURES, command

GENUINE = "Ann: How was the harvest?\nBea: Late, but good. We had the whole village in the orchard.\n"


def test_genuine_text_stays_and_spam_goes(cleaner: weedout.Cleaner, polluted: str) -> None:
    assert cleaner.clean(GENUINE).text == GENUINE
    cleaned = cleaner.clean(polluted)
    assert cleaned.label == "mixed"
    assert "lorabet" in polluted and "lorabet" not in cleaned.text
    assert str(cleaned) == cleaned.text
    assert cleaned.spam_probability == max(mark.spam_probability for mark in cleaned.removed)


def test_what_is_kept_and_what_is_removed_make_the_text(cleaner: weedout.Cleaner) -> None:
    text = (FIXTURES / "clippings/koy-ogretmeni.md").read_text(encoding="utf-8")
    cleaned = cleaner.clean(text)
    assert cleaned.removed and not text.isascii()
    kept, at = "", 0
    for mark in cleaned.removed:
        assert mark.start is not None and mark.end is not None
        assert text[mark.start : mark.end] == mark.text
        kept += text[at : mark.start]
        at = mark.end
    assert kept + text[at:] == cleaned.text


def test_nothing_genuine_is_an_empty_text(cleaner: weedout.Cleaner) -> None:
    spam = "".join(f"[casino bonus {n}](https://casino-{n}.example) [hacklink satın al](https://link{n}.example)\n\n" for n in range(30))
    cleaned = cleaner.clean(spam, format="markdown")
    assert (cleaned.text, cleaned.label) == ("", "spam")


def test_a_page_is_one_when_it_is_called_so(cleaner: weedout.Cleaner) -> None:
    page = (FIXTURES / "clippings/bus-poet.html").read_text(encoding="utf-8")
    cleaned = cleaner.clean(page, format="html")
    assert "<p" not in cleaned.text and cleaned.label == "mixed"
    assert all(mark.start is None and mark.text for mark in cleaned.removed)
    assert "<p" in cleaner.clean(page).text
    assert weedout.Cleaner(markdown=True).clean(page, format="html").text.startswith("# ")
    furniture = weedout.Cleaner(keep_furniture=True).clean(page, format="html")
    assert len(furniture.text) >= len(cleaned.text)


def test_what_is_allowed_stays(polluted: str, cleaner: weedout.Cleaner) -> None:
    gone = next(mark.text.strip() for mark in cleaner.clean(polluted).removed if mark.text.strip())
    allowed = weedout.Cleaner(allow_phrases=[gone])
    assert gone in allowed.clean(polluted).text
    assert allowed.model_id != cleaner.model_id


def test_blocks_have_their_places(cleaner: weedout.Cleaner, polluted: str) -> None:
    blocks = cleaner.blocks(polluted)
    assert len(blocks) == cleaner.clean(polluted).blocks
    assert {block.label for block in blocks} == {"genuine", "spam"}
    assert all(polluted[block.start : block.end] == block.text and block.kind == "line" for block in blocks)
    assert all(0 <= block.spam_probability <= 1 for block in blocks)


def test_blocks_of_every_fixture_are_slices_of_it(cleaner: weedout.Cleaner) -> None:
    for path in sorted(FIXTURES.rglob("*.md")) + sorted(FIXTURES.rglob("*.srt")):
        text = path.read_bytes().decode("utf-8", errors="ignore")
        for block in cleaner.blocks(text):
            assert text[block.start : block.end].strip() == block.text.strip(), path


def test_check_finds_what_the_command_line_finds(cleaner: weedout.Cleaner, polluted: str) -> None:
    ended = subprocess.run(
        [*command(), "check", "--no-config", "--output-format", "json", "-", "--stdin-filename", "text"],
        input=polluted.encode(),
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert cleaner.check(polluted) == json.loads(ended.stdout)["findings"]
    assert cleaner.check(GENUINE) == []


def test_reasons_add_up_as_on_the_command_line(cleaner: weedout.Cleaner, polluted: str) -> None:
    ended = subprocess.run(
        [*command(), "explain", "--no-config", "--format", "jsonl", "--from", "text", "-", "--stdin-filename", "text"],
        input=polluted.encode(),
        capture_output=True,
        check=True,
    )
    told = [json.loads(line) for line in ended.stdout.splitlines()]
    # What the command adds to a block record.
    added = ("decision", "neighbours", "ngrams")
    assert all(record.pop(name) is not None for record in told for name in added)
    assert cleaner.explain(polluted) == told


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"profile": "harsh"}, ValueError, "keep-more"),
        ({"model": "/there/is/no.bin"}, FileNotFoundError, "no.bin"),
        ({"threads": -1}, OverflowError, "negative"),
        ({"pofile": "strict"}, TypeError, "pofile"),
    ],
)
def test_wrong_arguments_are_told_at_once(arguments: dict[str, object], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        weedout.Cleaner(**arguments)  # type: ignore[arg-type]


def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "no.bin").write_bytes(b"no model")
    (tmp_path / "no.json").write_text("{}")
    with pytest.raises(weedout.Error, match=r"no\.bin.*weedout train"):
        weedout.Cleaner(model=tmp_path / "no.bin")


def test_a_wrong_format_is_told(cleaner: weedout.Cleaner) -> None:
    for call in (cleaner.clean, cleaner.blocks, cleaner.check, cleaner.explain):
        with pytest.raises(ValueError, match="`pdf`"):
            call(GENUINE, format="pdf")  # type: ignore[operator]
    with pytest.raises(TypeError):
        cleaner.clean(b"bytes")  # type: ignore[arg-type]
    with pytest.raises(UnicodeEncodeError):
        cleaner.clean("half a pair: \ud800")


def test_a_model_of_ones_own_is_used() -> None:
    models = FIXTURES.parent / "models"
    own = weedout.Cleaner(model=models / "weedout.bin")
    assert own.model_id == weedout.Cleaner().model_id
    assert own.clean(GENUINE).text == GENUINE


def test_profiles_are_in_order(polluted: str) -> None:
    removed = [len(weedout.Cleaner(profile=profile).clean(polluted).removed) for profile in ("keep-more", "balanced", "strict")]  # type: ignore[arg-type]
    assert removed == sorted(removed)


def test_a_cleaner_can_be_sent_elsewhere(polluted: str) -> None:
    before = weedout.Cleaner(profile="strict", allow_hosts=["a.example"], threads=2)
    after = pickle.loads(pickle.dumps(before))
    assert repr(after) == repr(before) and "strict" in repr(before)
    assert after.clean(polluted).text == before.clean(polluted).text


def test_one_model_serves_all_cleaners() -> None:
    code = """
import resource, weedout
first = weedout.Cleaner()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rest = [weedout.Cleaner() for _ in range(40)]
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    # Forty models would be over 200 MB; the unit is KiB on Linux.
    assert int(ended.stdout) < 20_000


def test_others_run_while_a_text_is_cleaned(cleaner: weedout.Cleaner, polluted: str) -> None:
    before = sys.getswitchinterval()
    started, finished = threading.Event(), threading.Event()

    def work() -> None:
        started.set()
        cleaner.clean(polluted * 200, format="text")
        finished.set()

    # Nobody is made to give way, so this thread runs before the end only if the call lets go of the interpreter.
    sys.setswitchinterval(60)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        started.wait()
        ran = not finished.is_set()
        thread.join()
    finally:
        sys.setswitchinterval(before)
    assert ran


def test_a_child_of_a_fork_has_threads_of_its_own(polluted: str) -> None:
    code = """
import os, sys, pyarrow as pa, weedout
cleaner, texts = weedout.Cleaner(threads=2), pa.array(["one", sys.stdin.read()])
before = pa.array(cleaner.clean_array(texts))
child = os.fork()
if child == 0:
    os._exit(0 if pa.array(cleaner.clean_array(texts)).equals(before) else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    pytest.importorskip("pyarrow")
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], input=polluted.encode(), timeout=120, check=True)
