"""Every field as it is drawn: what a screen reader is sent to for hint and error is really there."""

import re

import pytest
from django import forms

from accounts.widgets import ServiceForm

REQUIRED = {"required": "Say it."}
CHOICES = [("a", "A"), ("b", "B")]


class EveryField(ServiceForm):
    words = forms.CharField(help_text="In words", error_messages=REQUIRED)
    text = forms.CharField(widget=forms.Textarea, help_text="In words", error_messages=REQUIRED)
    select = forms.ChoiceField(choices=CHOICES, help_text="One", error_messages=REQUIRED)
    radios = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, help_text="One", error_messages=REQUIRED)
    ticks = forms.MultipleChoiceField(
        choices=CHOICES, widget=forms.CheckboxSelectMultiple, help_text="Some", error_messages=REQUIRED
    )
    tick = forms.BooleanField(help_text="This", error_messages=REQUIRED)
    file = forms.FileField(help_text="A file", error_messages=REQUIRED)


@pytest.mark.parametrize("name", EveryField.base_fields)
@pytest.mark.parametrize("data", [None, {}])
def test_what_describes_a_field_is_on_the_page(name, data):
    shown = EveryField(data)[name].as_field_group()
    described = " ".join(re.findall(r'aria-describedby="([^"]*)"', shown)).split()
    assert len(set(described)) == (1 if data is None else 2)
    assert [one for one in described if f'id="{one}"' not in shown] == []
