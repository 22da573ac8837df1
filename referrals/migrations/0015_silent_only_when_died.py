"""Own reasons that said "nothing is sent": the person is told after them from now on, save where they died."""

from django.db import migrations, models


def speak(apps, schema_editor):
    rows = apps.get_model("referrals", "ReasonCode").objects.filter(silent=True)
    rows.exclude(step="cancel", code="died").update(silent=False)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0014_drafts_thrown_away")]

    operations = [
        migrations.RunPython(speak, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(model_name="reasoncode", name="reason_silent_only_for_a_cancel"),
        migrations.AddConstraint(
            model_name="reasoncode",
            constraint=models.CheckConstraint(
                condition=models.Q(("code", "died"), ("step", "cancel")) | models.Q(("silent", False)),
                name="reason_silent_only_when_died",
                violation_error_message="Only after “The person died” is the person not told.",
            ),
        ),
    ]
