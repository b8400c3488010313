"""The types that are announced are those of the module, and the package keeps to them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import weedout
from conftest import ROOT, engine


def test_stubs_are_those_of_the_module() -> None:
    engine("mypy.api")
    ended = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "weedout._weedout", "--ignore-disjoint-bases"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_package_keeps_to_its_types() -> None:
    engine("mypy.api")
    ended = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml"],
        cwd=ROOT / "python",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_wheel_says_that_it_is_typed() -> None:
    assert (Path(weedout.__file__).parent / "py.typed").is_file()


def test_everything_public_has_a_docstring() -> None:
    public = [getattr(weedout, name) for name in weedout.__all__ if name != "__version__"]
    classes = (weedout.Cleaner, weedout.Sketch)
    methods = [getattr(kind, name) for kind in classes for name in vars(kind) if not name.startswith("_")]
    assert all(thing.__doc__ for thing in [weedout, *public, *methods])
    for name in ("clean", "blocks", "check", "explain", "clean_array", "clean_batch"):
        text = getattr(weedout.Cleaner, name).__doc__
        assert "Args:" in text and "Returns:" in text and "Raises:" in text, name
