"""The church hall reads e-mail, and has no account. Its link shows one referral, until it no longer may."""

from referrals import actions
from tests import factories
from tests.referrals.partner.opening import Holder


def test_the_link_answers_one_referral_and_dies_with_the_consent(story):
    story.offer = factories.SupportOfferFactory(name="Tea and tablets", contact_email="tea@example.org")
    story.bo = story.ash
    story.may_be_reached("text", "call")
    story.is_referred("sent", goal="To ring my sister")
    holder = Holder(story.referral)

    outside = holder.get(holder.url("door")).content.decode()
    assert story.person.name not in outside, "the address alone shows nothing"
    holder.open()
    assert "To ring my sister" in holder.page().content.decode()
    holder.take("accept", named_worker="Joan at the hall")
    assert story.status == "accepted"
    event = story.referral.events.get(step="accept")
    assert (event.source, event.side) == ("partner_link", "provider")

    actions.withdraw_consent(consent=story.person.consents.get(), how="Rang Ash", by=story.ash)
    after = holder.page()
    assert "To ring my sister" not in after.content.decode()
    assert story.person.name not in after.content.decode()
    holder.take("deliver", given="A tablet")
    assert story.status == "withdrawn"
