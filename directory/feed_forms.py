"""Forms of the exchange: which file to read, as which feed; and which oddities to look at."""

from typing import Any

from django import forms

from accounts.widgets import ServiceForm
from accounts.wording import gettext_lazy as _
from directory.models import Feed
from directory.openreferral.quirks import WORDS

NEW = "new"


class FeedFileForm(ServiceForm):
    """`feeds` are those that are read from files; the first file of a directory gives it a name."""

    feed = forms.ChoiceField(
        label=_("Which directory is the file from?"),
        help_text=_("What is gone from a later file of the same directory is marked as ended here."),
        error_messages={
            "required": _("Choose a directory."),
            "invalid_choice": _("Choose a directory from the list."),
        },
    )
    name = forms.CharField(
        label=_("Name of a new directory"),
        max_length=200,
        required=False,
        error_messages={"max_length": _("Use 200 characters or fewer.")},
    )
    file = forms.FileField(
        label=_("The file"),
        help_text=_("JSON in the form of Open Referral UK: a list of services."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
            "invalid": _("Choose a file."),
            "missing": _("Choose a file."),
        },
    )

    def __init__(self, *args: Any, feeds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.feeds = {str(feed.pk): feed for feed in feeds}
        # Nothing is chosen beforehand: a file read as the wrong directory would end all that is not in it.
        self.offer(
            "feed",
            [
                ("", _("Choose")),
                *((key, feed.name) for key, feed in self.feeds.items()),
                (NEW, _("A new directory")),
            ],
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("feed") == NEW and not cleaned.get("name"):
            self.add_error("name", _("Give the new directory a name."))
        return cleaned

    @property
    def chosen(self) -> Feed | None:
        return self.feeds.get(self.cleaned_data["feed"])


class QuirksForm(ServiceForm):
    """Only the codes that the reading has."""

    code = forms.ChoiceField(
        label=_("What to show"),
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )

    def __init__(self, *args: Any, counts: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(code, f"{WORDS.get(code, code)} ({number})") for code, number in counts.items()]
        self.offer("code", [("", _("Everything that was odd")), *shown])
