"""Half past seven. Bo’s e-mail says that four things wait, and whoever reads over Bo’s shoulder learns nothing."""

from datetime import timedelta

from accounts import clock
from referrals.digests.actions import queue_digests
from referrals.models import Mail


def test_it_counts_and_names_nobody(story):
    story.is_referred("accepted", goal="To ring my sister")
    story.goes_on(days=8)
    queue_digests()
    mail = Mail.objects.get(to=story.bo.user.email)
    said = mail.subject + mail.body
    for secret in (*story.person.name.split(), str(story.referral.pk), story.offer.name, "sister", "07700"):
        assert secret not in said
    assert "overdue: 1" in mail.body

    queue_digests()
    assert Mail.objects.filter(to=story.bo.user.email).count() == 1, "once a morning"
    with clock.at(clock.now() + timedelta(days=1)):
        queue_digests()
    assert Mail.objects.filter(to=story.bo.user.email).count() == 2
