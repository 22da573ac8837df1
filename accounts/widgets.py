"""Form fields in NHS.UK style where Django's own widget is not enough."""

from datetime import date
from typing import Any

from django import forms


def posted(request: Any) -> Any:
    """What a form is made of: an empty form that was sent is not the same as one that was not."""
    return request.POST if request.method == "POST" else None


def seen_version(request: Any) -> int:
    """The version of the row that the page showed; 0, which no row has, where what came back is no such number."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


class ServiceForm(forms.Form):
    """A form whose inputs carry the design system's classes; each field renders by django/forms/field.html.

    Widths follow the expected length of an answer (`width` attribute of a widget: 2, 3, 4, 5, 10, 20, 30).
    """

    use_required_attribute = False  # the server's sentence beside the field beats the browser's bubble

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)

    def offer(self, name: str, choices: Any) -> None:
        """What can be chosen in the field `name`: (value, label) pairs, or a queryset where it chooses a row."""
        field: Any = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = choices
        else:
            field.choices = choices

    def refuse(self, refusal: Any) -> None:
        """Puts a rule's refusal beside the fields it names, so that nothing typed is lost."""
        for name, sentence in refusal.fields.items():
            self.add_error(name if name in self.fields else None, sentence)
        if not refusal.fields:
            self.add_error(None, refusal.message)


CLASSES = {
    "text": "nhsuk-input",
    "email": "nhsuk-input",
    "number": "nhsuk-input",
    "password": "nhsuk-input",
    "date": "nhsuk-input nhsuk-input--width-10",
    "time": "nhsuk-input nhsuk-input--width-5",
    "datetime-local": "nhsuk-input nhsuk-input--width-20",
    "textarea": "nhsuk-textarea",
    "select": "nhsuk-select",
    "radio": "nhsuk-radios__input",
    "checkbox": "nhsuk-checkboxes__input",
    "file": "nhsuk-file-upload",
}


def dress(field: forms.Field) -> None:
    widget = field.widget
    kind = getattr(widget, "input_type", "") or type(widget).__name__.lower()
    css = CLASSES.get(kind, "")
    if width := widget.attrs.pop("width", None):
        css += f" nhsuk-input--width-{width}"
    if css:
        widget.attrs["class"] = css
    if isinstance(widget, forms.Textarea):
        widget.attrs.setdefault("rows", 4)


class DateInput(forms.DateInput):
    """A text box that takes a date as people write it; the browser's calendar is not used, as NHS.UK advises."""

    input_type = "text"

    def format_value(self, value: Any) -> str | None:
        """Filled in beforehand, a day stands as the hint beside it shows one: 31 3 2027."""
        return (
            f"{value.day} {value.month} {value.year}" if isinstance(value, date) else super().format_value(value)
        )


class DayField(forms.DateField):
    """A day as people write it in Britain, in one box."""

    widget = DateInput
    input_formats = [
        "%d %m %Y",
        "%d/%m/%Y",
        "%d-%m-%Y",
        "%d.%m.%Y",
        "%d %b %Y",
        "%d %B %Y",
        "%Y-%m-%d",
        "%d/%m/%y",
    ]
