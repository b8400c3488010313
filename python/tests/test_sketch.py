"""Evidence across a crawl, from Arrow data: the sketches of the command line, however rows are shared out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import weedout
from conftest import as_command_line, by_command_line, sketch_by_command_line

Rows = list[dict[str, Any]]
SCHEMA = pa.schema({"url": pa.string(), "text": pa.string()})


def parts(crawl: Rows, shares: int) -> list[bytes]:
    """A sketch a share."""
    found = []
    for share in range(shares):
        sketch = weedout.Sketch()
        sketch.add_batch(pa.RecordBatch.from_pylist(crawl[share::shares], schema=SCHEMA))
        found.append(sketch.to_bytes())
    return found


def test_it_is_that_of_the_command_line_however_it_is_shared_out(crawl: Rows, sketch_of_crawl: Path) -> None:
    whole = sketch_of_crawl.read_bytes()
    for shares in (1, 2, 7):
        found = parts(crawl, shares)
        assert shares == 1 or whole not in found
        assert weedout.Sketch.merged(found) == whole
        assert weedout.Sketch.merged(reversed([*found, found[0]])) == whole
        sketch = weedout.Sketch()
        for part in found:
            sketch.merge(part)
        assert sketch.to_bytes() == whole


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_streams_and_single_texts_count_the_same(kind: Any, crawl: Rows, sketch_of_crawl: Path, tmp_path: Path) -> None:
    table = pa.Table.from_pylist(crawl, schema=pa.schema({"url": kind, "text": kind}))
    sketch, single = weedout.Sketch(), weedout.Sketch()
    counted = sketch.add_batch(pa.concat_tables([table.slice(0, 11), table.slice(11)]))
    known = [single.add(row["text"], row["url"]) for row in crawl if row["text"] is not None]
    # A missing address, one that is none, and a missing text.
    assert counted == sum(known) == len(crawl) - 3
    sketch.save(tmp_path / "crawl.sketch")
    assert (tmp_path / "crawl.sketch").read_bytes() == single.to_bytes() == sketch_of_crawl.read_bytes()
    assert len(sketch) == len(single) > 10


def test_pages_name_their_hosts(tmp_path: Path) -> None:
    head = '<head><link rel="canonical" href="https://{}.example/"></head>'
    link = '<p><a href="https://spam.example/">casino bonus</a></p>'
    pages = [{"html": f"<html>{head.format(name)}<body><p>We met at the harbour.</p>{link}</body></html>"} for name in "abc"]
    whole = sketch_by_command_line(pages, tmp_path, "--html-field", "html").read_bytes()
    sketch = weedout.Sketch()
    assert sketch.add_batch(pa.RecordBatch.from_pylist(pages), column="html", url=None) == 3
    assert sketch.to_bytes() == whole and len(sketch) > 0


def test_the_second_pass_is_that_of_the_command_line(crawl: Rows, sketch_of_crawl: Path) -> None:
    rows = [row for row in crawl if row["text"] is not None]
    expected = by_command_line(rows, "--sketch", str(sketch_of_crawl))
    cleaner = weedout.Cleaner(sketch=sketch_of_crawl)
    assert "+sketch-" in cleaner.model_id
    found = pa.record_batch(cleaner.clean_batch(pa.RecordBatch.from_pylist(rows))).to_pylist()
    assert [as_command_line(row) for row in found] == expected


def test_what_is_no_sketch_is_refused(crawl: Rows, sketch_of_crawl: Path, tmp_path: Path) -> None:
    whole = sketch_of_crawl.read_bytes()
    for damaged in (b"", whole[:-1], b"{}\n"):
        with pytest.raises(weedout.Error, match="sketch|cut off|header"):
            weedout.Sketch().merge(damaged)
    other = whole.replace(b'"model":"', b'"model":"other-', 1)
    with pytest.raises(weedout.Error, match="two models"):
        weedout.Sketch.merged([whole, other])
    with pytest.raises(ValueError, match="no sketches"):
        weedout.Sketch.merged([])
    (tmp_path / "other.sketch").write_bytes(other)
    with pytest.raises(weedout.Error, match="another|model"):
        weedout.Cleaner(sketch=tmp_path / "other.sketch")
    with pytest.raises(OSError):
        weedout.Cleaner(sketch=os.fspath(tmp_path / "no-such.sketch"))
    batch = pa.RecordBatch.from_pylist(crawl, schema=SCHEMA)
    with pytest.raises(KeyError, match="no column `address`"):
        weedout.Sketch().add_batch(batch, url="address")
