"""Fills in the pages of a screening the way a browser does: what the page shows, changed here and there."""

from html.parser import HTMLParser

from screening import actions
from screening.terms import Kind


class Inputs(HTMLParser):
    """The form fields of `#questions` on a page: name → values, in the page's order."""

    def __init__(self, html):
        super().__init__()
        self.inside, self.data, self.boxes = False, {}, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self.inside = found.get("id") == "questions"
        if tag != "input" or not self.inside or not found.get("name"):
            return
        if found.get("type") in ("radio", "checkbox"):
            self.boxes.append((found["name"], found["value"]))
            if "checked" not in found:
                return
        self.data.setdefault(found["name"], []).append(found.get("value", ""))


def boxes_for(item, answer):
    """Name → values of the boxes that are ticked to give an answer in the instrument's form."""
    if isinstance(answer, dict) and "state" in answer:
        return {item.code: [":".join(["~" + answer["state"], *filter(None, [answer.get("reason")])])]}
    if item.kind == Kind.SINGLE:
        return {item.code: [answer]}
    if item.kind == Kind.MULTI:
        return {item.code: answer}
    return {f"{item.code}-{row}": [code] for row, code in answer.items()}


def fill(html, item, answer):
    """The page's fields after this answer was given on it; every box ticked must be one that the page has."""
    page = Inputs(html)
    mine = boxes_for(item, answer)
    for name, values in mine.items():
        for value in values:
            assert (name, value) in page.boxes, (name, value)
    kept = {name: values for name, values in page.data.items() if not _belongs_to(name, item.code)}
    return {**kept, f"was-{item.code}": page.data[f"was-{item.code}"], **mine}


def _belongs_to(name, code):
    return name == code or name.startswith(f"{code}-")


def fill_page(client, url, asked, answers, section):
    """Answers what the page asks, again and again while it brings up more; gives where it leads at last."""
    done = set()
    while True:
        html = client.get(url).content.decode()
        on_page = Inputs(html).data
        todo = [
            item
            for item in asked.section(section).items
            if item.code in answers and f"was-{item.code}" in on_page and item.code not in done
        ]
        data = on_page
        for item in todo:
            data = {
                **data,
                **{
                    name: values
                    for name, values in fill(html, item, answers[item.code]).items()
                    if _belongs_to(name, item.code)
                },
            }
            done.add(item.code)
        response = client.post(url, data)
        assert response.status_code == 302, response.content.decode()
        if not response.url.startswith(url):
            return response.url


def screen(client, person, by, answers, *, last="", definition=""):
    """A whole screening through its pages, up to its check page; section `last` is filled in last."""
    draft = actions.start(service_user=person, by=by, definition=definition)
    asked = actions.sitting.definition_of(draft)
    sections = sorted(asked.sections, key=lambda section: section.code == last)
    for section in sections:
        draft.refresh_from_db()
        if not draft.is_draft:
            break
        url = f"/screenings/{draft.pk}/sections/{section.code}/"
        if client.get(url).status_code == 200:
            fill_page(client, url, asked, answers, section.code)
    draft.refresh_from_db()
    return draft
