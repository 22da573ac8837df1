"""What the API takes in and how it pages. Apart from inclusion/api.py: DRF imports this while it starts."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """Twenty thousand open brackets are the sender's mistake (400), not ours (500)."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error


class KeysetPagination(CursorPagination):
    """Each row once, at any depth for the same cost. UUIDs of version 7: by id is by time."""

    ordering = "-id"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
