import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def keep_with_whoever_made_it(apps, schema_editor):
    """Until now nobody was named on the referrer's side: whoever began it looks after it."""
    apps.get_model("referrals", "Referral").objects.update(kept_by=F("created_by"))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("referrals", "0005_digest"),
    ]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="kept_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Who looks after it on the referrer's side; empty: the team, until somebody is chosen.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="referrals_kept",
                to="accounts.membership",
            ),
        ),
        migrations.RunPython(keep_with_whoever_made_it, migrations.RunPython.noop),
    ]
