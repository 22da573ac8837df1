"""A story begins on a Wednesday morning, with a clinician, a provider with a support worker, and one person."""

import pytest

from accounts import clock
from tests import factories
from tests.referrals.reaching import WEDNESDAY
from tests.stories.telling import Story


@pytest.fixture(autouse=True)
def _the_first_day():
    """Before anybody is made, so that nothing in a story depends on the day on which it is told."""
    with clock.at(WEDNESDAY):
        yield


@pytest.fixture
def story(person, offer, ash, bo, dee):
    type(offer).objects.filter(pk=offer.pk).update(verified_on=clock.today())
    told = Story(person=person, offer=offer, ash=ash, bo=bo, dee=dee)
    yield told
    told.end()


@pytest.fixture
def by_phone_in(story):
    """The provider of this story has no account: the clinician rings it and writes down what it says."""
    story.offer = factories.SupportOfferFactory(name="Tea and tablets", verified_on=clock.today())
    story.bo = story.ash
    return story
