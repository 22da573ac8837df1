"""The directory for others: Open Referral UK 3.0, read only, open to everybody, nothing about people."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from accounts.errors import InvalidInput
from directory.openreferral import asking, profile, writing
from directory.openreferral.cleaning import Object
from directory.publishing import Catalogue, catalogue

FRESH_FOR = 300  # seconds
Answer = Callable[..., Object]


class _NotThere(Exception):
    """Nothing with this id is published."""


def published(answer: Answer) -> Callable[..., HttpResponse]:
    """A view that answers JSON to anybody, to be kept by whoever likes, with errors as problem details."""

    @login_not_required
    @require_safe
    @conditional_page
    @wraps(answer)
    def view(request: HttpRequest, **where: Any) -> HttpResponse:
        try:
            response = JsonResponse(answer(request.GET, **where), json_dumps_params={"ensure_ascii": False})
        except InvalidInput as error:
            response = _problem(400, error.title, error.message, errors=error.fields)
        except _NotThere:
            response = _problem(404, _("Not found"), _("Nothing that is published here has this id."))
        response["Access-Control-Allow-Origin"] = "*"
        response["Cache-Control"] = f"public, max-age={FRESH_FOR if response.status_code == 200 else 0}"
        return response

    return view


def _problem(status: int, title: str, detail: str, **more: Any) -> JsonResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _one(found: Mapping[str, Object], pk: str) -> Object:
    if pk.lower() not in found:
        raise _NotThere
    return found[pk.lower()]


def _list(asked: Any, found: Mapping[str, Object], test: asking.Test, shown: Callable[[Object], Object]) -> Object:
    """The page that is asked for; only what is on it is brought into its form for lists."""
    page = asking.page_of([one for one in found.values() if test(one)], asking.paging(asked))
    return {**page, "contents": [shown(one) for one in page["contents"]]}


def _everything(one: Object) -> bool:
    return True


def _itself(one: Object) -> Object:
    return one


@published
def root(asked: Any) -> Object:
    return {"version": profile.VERSION, "profile": profile.PROFILE_URL, "openapi_url": profile.OPENAPI_URL}


@published
def services(asked: Any) -> Object:
    all_of_it = catalogue()
    return _list(asked, all_of_it.services, asking.services(asked, all_of_it.texts), writing.summary)


@published
def service(asked: Any, pk: str) -> Object:
    return _one(catalogue().services, pk)


@published
def service_at_locations(asked: Any) -> Object:
    all_of_it = catalogue()
    return _list(asked, all_of_it.places, asking.places(asked, all_of_it.texts), writing.at_location_summary)


@published
def service_at_location(asked: Any, pk: str) -> Object:
    return _one(catalogue().places, pk)


@published
def taxonomies(asked: Any) -> Object:
    return _list(asked, catalogue().taxonomies, _everything, _itself)


@published
def taxonomy(asked: Any, pk: str) -> Object:
    all_of_it = catalogue()
    found = _one(all_of_it.taxonomies, pk)
    return {**found, "taxonomy_terms": _terms_of(all_of_it, found["id"])}


def _terms_of(all_of_it: Catalogue, key: str) -> list[Object]:
    return [term for term in all_of_it.terms.values() if asking.taxonomy_id(term) == key]


@published
def taxonomy_terms(asked: Any) -> Object:
    return _list(asked, catalogue().terms, _everything, _itself)


@published
def taxonomy_term(asked: Any, pk: str) -> Object:
    return _one(catalogue().terms, pk)
