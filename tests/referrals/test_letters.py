"""Letters that wait to be posted: seen and counted by whoever has the person to tell, and by nobody else."""

import pytest
from django.urls import reverse

from referrals.models import OutboxMessage
from referrals.post import waiting
from tests.referrals.posting import letters_for, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]
LIST = reverse("referrals:letters")


def test_whoever_has_to_post_sees_and_counts_them(as_bo, as_ash, as_cam, offer, ash, bo):
    (letter,) = letters_for(1, offer, ash, bo)
    assert letter.service_user.name in text_of(as_bo.get(LIST))
    assert waiting.count(as_bo.membership) == 1
    for other in (as_ash, as_cam):
        assert "No letter waits to be posted." in text_of(other.get(LIST))
        assert waiting.count(other.membership) == 0


def test_a_letter_that_another_service_prints_is_not_ours_to_post(as_bo, offer, ash, bo):
    letters_for(1, offer, ash, bo)
    OutboxMessage.objects.all().delete()
    assert waiting.count(as_bo.membership) == 0
