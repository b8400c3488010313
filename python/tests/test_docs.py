"""The examples of the docs are tests: `>>>` examples must print what they say, the others must run."""

from __future__ import annotations

import doctest
import re
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from conftest import ROOT, engine, start_ray

PAGES = ["docs/python.md", "docs/engines.md", "python/README.md"]
#: What an example needs, by a word in it.
ENGINES = {
    "polars": ["polars"],
    "duckdb": ["duckdb"],
    "datafusion": ["datafusion"],
    "daft": ["daft"],
    "pysail": ["pysail.spark", "grpc"],
    "local[": ["pyspark.core"],
    "import ray": ["ray.data"],
    "datatrove": ["datatrove.executor", "orjson"],
}


def examples() -> list[Any]:
    """The examples of all pages. Those under a heading share their names; on a page that is a session, all do."""
    found = []
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        sections = [text] if ">>>" in text else re.split(r"^## ", text, flags=re.MULTILINE)
        for section in sections:
            blocks = re.findall(r"^```python\n(.*?)^```", section, flags=re.MULTILINE | re.DOTALL)
            if blocks:
                found.append(pytest.param(blocks, id=f"{page}:{section.splitlines()[0]}"))
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, records: list[dict[str, Any]]) -> Path:
    """A folder with `crawl/` and the fixtures, where examples are run."""
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    (tmp_path / "crawl").mkdir()
    table = pa.Table.from_pylist([{**record, "url": f"https://site{record['number']}.example/"} for record in records])
    pa.parquet.write_table(table, tmp_path / "crawl/part-0.parquet")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    return tmp_path


@pytest.mark.parametrize("blocks", examples())
def test_examples(blocks: list[str], folder: Path) -> None:
    code = "\n".join(blocks)
    for word, modules in ENGINES.items():
        if word in code:
            engine(*modules)
    if "import ray" in code:
        # One that has started is found again.
        start_ray()
        blocks = [block.replace("ray.init(", "ray.init(ignore_reinit_error=True, ") for block in blocks]
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks:
        if ">>>" not in block:
            exec(compile(block, "example", "exec"), names)
            continue
        test = doctest.DocTestParser().get_doctest(block, names, "example", None, 0)
        # The examples after this one see what it made.
        test.globs = names
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        output: list[str] = []
        runner.run(test, out=output.append, clear_globs=False)
        assert runner.summarize(verbose=False).failed == 0, "".join(output)


def test_there_are_examples() -> None:
    # One of each engine, the session and the front page.
    assert len(examples()) == 10
