"""Bo left a page open in the morning. In the afternoon a colleague accepted; now Bo declines, with care."""

from django.urls import reverse


def test_a_stale_page_loses_no_typing_and_undoes_nothing(story, as_bo):
    story.is_referred("acknowledged")
    seen = story.referral.version
    story.step("ask", question="Which days suit?")

    answer = as_bo.post(
        reverse("referrals:step", args=[story.referral.pk, "accept"]),
        {"version": seen, "named_worker": str(story.bo.pk)},
    )
    assert answer.status_code == 409
    assert story.status == "more_info"

    answer = as_bo.post(
        reverse("referrals:step", args=[story.referral.pk, "decline"]),
        {"version": seen, "reason_code": "other", "words": "Our van is off the road until spring."},
    )
    assert answer.status_code == 409
    assert "Our van is off the road until spring." in answer.content.decode(), "what was typed is still there"
    assert story.status == "more_info"
