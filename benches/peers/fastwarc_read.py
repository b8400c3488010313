"""CPU seconds that Python's FastWARC (and warcio, where installed) take to read the web archives given.

    WEEDOUT_BENCH_DIR=/tmp/records cargo bench --bench records
    pip install fastwarc warcio && python benches/peers/fastwarc_read.py /tmp/records/*.gz
"""

import sys
import time


def fastwarc(path):
    from fastwarc.warc import ArchiveIterator

    with open(path, "rb") as file:
        return sum(len(record.reader.read()) for record in ArchiveIterator(file, parse_http=False))


def warcio(path):
    from warcio.archiveiterator import ArchiveIterator

    with open(path, "rb") as file:
        return sum(len(record.raw_stream.read()) for record in ArchiveIterator(file, no_record_parse=True))


#: The mean of so many is taken, as the bench does.
READS = 10

for path in sys.argv[1:]:
    if ".warc" not in path and ".wet" not in path:
        continue
    for peer in (fastwarc, warcio):
        start = time.process_time()
        try:
            size = sum(peer(path) for _ in range(READS)) / READS
        except ImportError:
            continue
        seconds = (time.process_time() - start) / READS
        print(f"{peer.__name__:<9} {path}: {size / 1e6:.1f} MB of content, {seconds:.3f} s, {size / 1e6 / seconds:.0f} MB/s")
