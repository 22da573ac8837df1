"""The twin of a page of questions: the same door, audit, strip and saving; `django.forms` for the questions."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import forms
from django.forms.renderers import DjangoTemplates
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString

from accounts import audit
from accounts.access import get_and_post, requires
from accounts.permissions import Permission
from screening import actions, progress, words
from screening.models import Screening
from screening.pages import about, check_url, screening_of
from screening.questionnaire import Item
from screening.responses import answers_of
from screening.section_page import Question, SectionPage
from screening.sitting import definition_of
from screening.terms import Kind

RENDERER = DjangoTemplates()
STATES = [("~prefer_not", words.PREFER_NOT), ("~dont_know", words.DONT_KNOW), ("~not_asked", "Not asked")]


def fields_of(item: Item) -> dict[str, forms.Field]:
    choices = [*((option.code, option.label) for option in item.options), *STATES]
    if item.kind == Kind.MULTI:
        widget = forms.CheckboxSelectMultiple
        return {
            item.code: forms.MultipleChoiceField(label=item.text, choices=choices, widget=widget, required=False)
        }
    asked = {f"{item.code}-{row.code}": row.label for row in item.rows} or {item.code: item.text}
    return {
        name: forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False)
        for name, label in asked.items()
    }


@lru_cache
def form_of(items: tuple[Item, ...]) -> type[forms.Form]:
    fields = {name: field for item in items for name, field in fields_of(item).items()}
    return type("SectionForm", (forms.Form,), {**fields, "default_renderer": RENDERER})


def typed(item: Item, answer: Any) -> dict[str, Any]:
    """An answer in the instrument's form as the values of the form's fields."""
    if isinstance(answer, dict) and "state" in answer:
        state = f"~{answer['state']}"
        return {item.code: [state] if item.kind == Kind.MULTI else state}
    if item.rows and isinstance(answer, dict):
        return {f"{item.code}-{row}": code for row, code in answer.items()}
    return {item.code: answer}


def answer_in(item: Item, cleaned: Mapping[str, Any]) -> Any:
    if item.rows:
        return {row.code: code for row in item.rows if (code := cleaned[f"{item.code}-{row.code}"])}
    value = cleaned[item.code]
    first = value[0] if isinstance(value, list) and value else value
    return {"state": first[1:]} if isinstance(first, str) and first.startswith("~") else value


@get_and_post
@requires(Permission.SCREEN)
def section(request: Any, pk: UUID, section: str) -> HttpResponse:
    screening = screening_of(request, pk)
    asked, answers = definition_of(screening), answers_of(screening.responses)
    so_far = progress.of(asked, screening.form, answers)
    items = tuple(so_far.of(section).items)
    given = {name: value for item in items for name, value in typed(item, answers.get(item.code)).items()}
    form = form_of(items)(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        new = {item.code: answer for item in items if (answer := answer_in(item, form.cleaned_data))}
        actions.save_section(
            screening=screening, section=section, answers=new, version=screening.version, by=request.membership
        )
        return redirect(check_url(screening))
    audit.record("view_screening", by=request.membership, subject=screening, section=section)
    return render(request, "screening/section.html", _page(screening, so_far, section, form.as_div()))


def _page(screening: Screening, so_far: progress.Progress, section: str, html: SafeString) -> dict[str, Any]:
    questions = [Question("all", "", html)]
    page = SectionPage(screening, definition_of(screening), so_far, so_far.of(section), questions)
    return about(screening, page=page, errors=[], saved_at=None, back="")
