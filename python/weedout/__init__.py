"""weedout removes injected link spam from scraped documents and keeps the genuine text as it is.

``Cleaner`` cleans texts, and columns of Arrow data; ``Sketch`` counts what the documents of a crawl have in common. ``weedout.spark``,
``weedout.ray`` and ``weedout.datatrove`` fit them to these engines; they import them when they are used. ``python -m weedout`` is the command line.
"""

from ._weedout import Block, Cleaned, Cleaner, Error, Removal, Sketch, __version__

__all__ = ["Block", "Cleaned", "Cleaner", "Error", "Removal", "Sketch", "__version__"]
