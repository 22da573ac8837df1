"""What the API takes in and how it pages. Apart from inclusion/api.py: DRF imports this while it starts."""

import json
import re
from io import BytesIO
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser

from accounts.wording import gettext_lazy as _

SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class BoundedJSONParser(JSONParser):
    """Twenty thousand open brackets, or half a surrogate pair, are the sender's mistake (400), not ours (500)."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        body = stream.read()
        try:
            data = super().parse(BytesIO(body), media_type, parser_context)
            if SURROGATE.search(body):
                json.dumps(data, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        except UnicodeEncodeError as error:
            raise ParseError(_("The JSON holds characters that are no text: half of a surrogate pair.")) from error
        return data


class KeysetPagination(CursorPagination):
    """Each row once, at any depth for the same cost. UUIDs of version 7: by id is by time."""

    ordering = "-id"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
