"""What is kept out of log lines: an address that lets somebody in is a key, wherever it is written."""

import logging
import re

LINK = re.compile(r"/partner/[^/\s?\"']+")


class HideLinks(logging.Filter):
    """Django logs the address of every request that it refuses; of a provider's link only that it was one."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        if "/partner/" in line:
            record.msg, record.args = LINK.sub("/partner/…", line), ()
        return True


class Console(logging.StreamHandler):
    """To standard error, with what HideLinks hides taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(HideLinks())
