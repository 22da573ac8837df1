"""How GOV.UK Notify is reached is read loudly: half a set-up stops the start, and says what to do."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from inclusion import environment

IDS = "26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
WHOLE = {
    "NOTIFY_API_KEY": f"our_key-{IDS}",
    "NOTIFY_TEXT_TEMPLATE": TEMPLATE,
    "NOTIFY_EMAIL_TEMPLATE": TEMPLATE.replace("f3", "a3"),
}


def read(monkeypatch, demo=False, **values):
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return environment.notify(demo=demo)


def test_nothing_set_means_the_outbox(monkeypatch):
    assert read(monkeypatch) == environment.Notify()


def test_a_key_with_two_templates_is_enough_and_letters_are_printed_here(monkeypatch):
    found = read(monkeypatch, **WHOLE)
    assert found.base_url == "https://api.notifications.service.gov.uk"
    assert set(found.templates) == {"text", "email"}


def test_a_letter_template_sends_letters_too(monkeypatch):
    assert "letter" in read(monkeypatch, **WHOLE, NOTIFY_LETTER_TEMPLATE=TEMPLATE).templates


@pytest.mark.parametrize("url", ["http://127.0.0.1:8025", "http://localhost:1", "https://notify.example.org/"])
def test_a_stand_in_on_this_machine_or_over_https_is_taken(monkeypatch, url):
    assert read(monkeypatch, **WHOLE, NOTIFY_BASE_URL=url).base_url == url


WRONG = [
    ({"NOTIFY_TEXT_TEMPLATE": ""}, "Set NOTIFY_TEXT_TEMPLATE to the id of the text template"),
    ({"NOTIFY_EMAIL_TEMPLATE": ""}, "Set NOTIFY_EMAIL_TEMPLATE to the id of the email template"),
    ({"NOTIFY_TEXT_TEMPLATE": "text"}, "NOTIFY_TEXT_TEMPLATE must be a template's id"),
    ({"NOTIFY_LETTER_TEMPLATE": "x"}, "NOTIFY_LETTER_TEMPLATE must be a template's id"),
    ({"NOTIFY_API_KEY": "secret-words"}, "NOTIFY_API_KEY is not whole"),
    ({"NOTIFY_API_KEY": IDS[:-1]}, "NOTIFY_API_KEY is not whole"),
    ({"NOTIFY_API_KEY": ""}, "set, but not NOTIFY_API_KEY"),
    (dict.fromkeys(WHOLE, "") | {"NOTIFY_RECEIPTS_TOKEN": "t" * 20}, "set, but not NOTIFY_API_KEY"),
    ({"NOTIFY_BASE_URL": "http://api.notifications.service.gov.uk"}, "must begin with https://"),
    ({"NOTIFY_BASE_URL": "http://127.0.0.1.example.org"}, "must begin with https://"),
    ({"NOTIFY_BASE_URL": "https://"}, "NOTIFY_BASE_URL must be like"),
    ({"NOTIFY_BASE_URL": "ftp://127.0.0.1"}, "NOTIFY_BASE_URL must be like"),
    ({"NOTIFY_BASE_URL": "https://someone:secret-words@example.org"}, "NOTIFY_BASE_URL must be like"),
    ({"NOTIFY_BASE_URL": "https://example.org:99999"}, "NOTIFY_BASE_URL must be like"),
    ({"NOTIFY_BASE_URL": "https://example.org/v2"}, "NOTIFY_BASE_URL must be like"),
    ({"NOTIFY_RECEIPTS_TOKEN": "short"}, "NOTIFY_RECEIPTS_TOKEN must be at least 20"),
    ({"NOTIFY_SIMULATOR": "8025"}, "NOTIFY_SIMULATOR is for the demo"),
    ({"NOTIFY_SIMULATOR": "yes"}, "NOTIFY_SIMULATOR must be a whole number"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_half_a_set_up_stops_the_start_and_never_repeats_a_secret(monkeypatch, wrong, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence) as stopped:
        read(monkeypatch, **(WHOLE | wrong))
    assert "secret-words" not in str(stopped.value)
    assert "\n" not in str(stopped.value)


def test_the_key_and_the_token_are_not_shown_where_settings_are(monkeypatch):
    shown = repr(read(monkeypatch, **WHOLE, NOTIFY_RECEIPTS_TOKEN="t" * 20))
    assert IDS not in shown
    assert "t" * 20 not in shown


def test_one_variable_runs_the_demo_against_the_simulator(monkeypatch):
    found = read(monkeypatch, demo=True, NOTIFY_SIMULATOR="8025")
    assert (found.base_url, found.simulator, set(found.templates)) == (
        "http://127.0.0.1:8025",
        8025,
        {"text", "email"},
    )
    with pytest.raises(ImproperlyConfigured, match="not both"):
        read(monkeypatch, demo=True, **WHOLE)
