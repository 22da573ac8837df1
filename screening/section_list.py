"""The way through the sections, beside a page of questions. A line has few forms, so each is kept and used again.

What is kept says nothing about anybody: links are relative to the page, so that no address is in it.
"""

from functools import lru_cache

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from screening.progress import Progress, SectionProgress


def section_list(progress: Progress, now: str) -> SafeString:
    """`now`: the code of the section that the page shows."""
    language = get_language() or ""
    lines = (_line(one, one.section.code == now, language) for one in progress.sections)
    return mark_safe("".join(lines))  # noqa: S308 - our own template's output, which has escaped what it was given


def _line(one: SectionProgress, is_now: bool, language: str) -> str:
    section = one.section
    return _rendered(section.code, section.title, is_now, str(one.stage), one.left, language)


@lru_cache(maxsize=1024)
def _rendered(code: str, title: str, is_now: bool, stage: str, left: int, language: str) -> str:
    context = {"code": code, "title": title, "is_now": is_now, "stage": stage, "left": left}
    return get_template("screening/section_line.html").render(context)
