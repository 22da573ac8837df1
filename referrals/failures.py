"""Why a message did not go or did not arrive: the codes that rows keep, and their words for staff."""

from accounts.wording import gettext_lazy as _

SET_UP: dict[str, str] = {
    "key": _("GOV.UK Notify does not accept this service’s key"),
    "not_set_up": _("GOV.UK Notify is not set up to send this for us"),
    "limit": _("this service has sent all that GOV.UK Notify lets it send in a day"),
    "wrong_place": _("it is not GOV.UK Notify that answers at the address that is set"),
}
"""Reasons of ours, for which messages wait: nobody's number is wrong. Whoever runs the service mends them."""

HELD_UP = {*SET_UP, "busy"}
"""Why a channel did not take what is right in itself."""

THE_CHANNEL_IS_AT_FAULT = {
    "channel_not_allowed",
    "no_address",
    "bad_address",
    "in_doubt",
    "not_reached",
    "bounced",
    "unavailable",
    "technical",
    "not_printed",
    "cancelled_there",
    "too_long",
    "returned",
    "no_receipt",
    *HELD_UP,
}
"""Another channel may do better than this one. Not so where the words, a pause or the whole plan forbid."""

WORDS: dict[str, str] = {
    **SET_UP,
    "busy": _("GOV.UK Notify asked us to wait"),
    "not_answered": _("safe contact has not been asked about"),
    "channel_not_allowed": _("the contact plan does not allow it"),
    "not_automatic": _("automatic messages are off for this person"),
    "paused": _("contact is paused"),
    "no_address": _("there is no number or address for it"),
    "bad_address": _("the number or address is no good"),
    "in_doubt": _("nobody knows whether the number or address is still theirs"),
    "no_sender": _("there is no name and number to sign it with"),
    "words": _("its words could give something private away"),
    "no_time_left": _("there was no time at which it might go"),
    "not_reached": _("the channel could not be reached for a day"),
    "set_aside": _("it could not be put together"),
    "bounced": _("it did not arrive"),
    "unavailable": _("the phone or inbox did not take it for three days"),
    "technical": _("there was a fault on the way"),
    "not_printed": _("the letter could not be printed"),
    "cancelled_there": _("the letter was cancelled at GOV.UK Notify"),
    "too_long": _("it is too long for one message"),
    "returned": _("the letter came back"),
    "no_receipt": _("there was no word that it arrived"),
    "unshared": _("the person does not want details shared any more"),
    "moved_away": _("the person has moved, and the new address is not known"),
    "not_posted": _("it was printed, and then not posted"),
    "no_answer": _("the channel cannot say whether it went"),
}
