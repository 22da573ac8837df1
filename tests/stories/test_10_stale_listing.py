"""Nobody has confirmed the listing since winter. It sinks, is asked about, disappears, and comes back."""

from accounts import clock
from directory.actions import still_true
from directory.fitting import fit
from directory.models import SupportOffer
from directory.tasks import ask_about_listings
from tests.factories import NeedFactory


def test_a_listing_nobody_confirms_is_no_trap_for_a_referral(story):
    need = NeedFactory(screening__service_user=story.person, screening__started_by=story.ash, agreed=True)
    assert [str(story.offer.pk)] == [one.offer.id for one in fit(need).matches.recommended]

    story.nobody_works_for(days=100)
    ask_about_listings()
    assert SupportOffer.objects.to_confirm(clock.today()).filter(pk=story.offer.pk).exists()
    (late,) = fit(need).matches.recommended
    assert any("confirmed" in reason for reason in (*late.misfits, *late.to_ask, *late.reasons_against))

    story.nobody_works_for(days=100)
    assert fit(need).matches.recommended == [], "half a year without a word"

    row = SupportOffer.objects.get(pk=story.offer.pk)
    still_true(offer=row, version=row.version, by=story.bo)
    assert [one.offer.id for one in fit(need).matches.recommended] == [str(story.offer.pk)]
