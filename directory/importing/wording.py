"""Why a reading stopped, in words for the admin who will ask."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.fetching import WORDS as NOT_FETCHED

WHY: Mapping[str, str | Promise] = {
    **NOT_FETCHED,
    "not_services": _("What the address answers is no list of services."),
    "endless": _("The list has more pages or services than are read."),
    "repeating": _("The list gives the same page again and again."),
    "many_gone": _(
        "More than half of this directory’s offers are not in it any more. Is it the right file or address?"
    ),
    "empty": _("The list is empty. Nothing was made inactive: look at the feed itself first."),
    "stopped_here": _("Somebody here stopped it."),
}
