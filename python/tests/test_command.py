"""The wheel has the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import weedout

PROGRAM = str(Path(sys.executable).parent / "weedout")


def run(*arguments: str, text: str = "", program: tuple[str, ...] = (sys.executable, "-m", "weedout")) -> tuple[int, str, str]:
    ended = subprocess.run([*program, *arguments], input=text.encode(), capture_output=True, check=False)
    return ended.returncode, ended.stdout.decode(), ended.stderr.decode()


@pytest.mark.parametrize("program", [(sys.executable, "-m", "weedout"), (PROGRAM,)])
def test_it_is_there_under_both_names(program: tuple[str, ...]) -> None:
    assert run("--version", program=program) == (0, f"weedout {weedout.__version__}\n", "")


def test_its_exit_codes_are_those_of_the_program(tmp_path: Path, polluted: str) -> None:
    (tmp_path / "clean.txt").write_text("We met at the harbour and talked about boats.\n")
    (tmp_path / "dirty.txt").write_text(polluted, encoding="utf-8")
    assert run("check", "--no-config", str(tmp_path / "clean.txt"))[0] == 0
    code, out, _ = run("check", "--no-config", str(tmp_path))
    assert code == 1 and "dirty.txt:12" in out
    code, out, err = run("check", "--no-such-option")
    assert (code, out) == (2, "") and "--no-such-option" in err
    assert run("check", str(tmp_path / "nothing-here"))[0] in (2, 3)


def test_it_cleans_a_folder(tmp_path: Path, polluted: str, cleaner: weedout.Cleaner) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "talk.txt").write_text(polluted, encoding="utf-8")
    code, _, err = run("clean", "--no-config", str(source), "--out", str(out))
    assert code == 0, err
    assert (out / "talk.txt").read_text(encoding="utf-8") == cleaner.clean(polluted).text
    assert (tmp_path / "out-audit/manifest.jsonl").is_file()


def test_a_reader_that_goes_away_is_no_error(polluted: str) -> None:
    line = '{"text":"We met at the harbour and talked about boats."}\n'
    with subprocess.Popen(
        [sys.executable, "-m", "weedout", "clean", "-", "--format", "jsonl", "--no-config"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(line.encode())
        assert b"harbour" in process.stdout.readline()
        process.stdout.close()
        try:
            for _ in range(200_000):
                process.stdin.write(line.encode())
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert process.stderr.read() == b""
        assert process.wait() == 0
