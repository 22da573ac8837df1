"""A table of weights that somebody types: whole, or refused with a sentence; and written back as it stands."""

import pytest

from directory.weight_table import as_text, read
from directory.weights import WEIGHTS, Weight


def test_the_table_in_use_is_read_back_as_it_is():
    assert read(as_text()) == dict(WEIGHTS)


def test_what_is_left_out_stays_as_it_is():
    table = read('{"wait": [9, -1, 0]}')
    assert table.pop("wait") == Weight(9, -1, 0)
    assert table.items() < WEIGHTS.items()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not JSON"),
        ("[" * 5000, "not JSON"),
        ("[]", "three numbers"),
        ("{}", "three numbers"),
        ('{"luck": [1, 0, 0]}', "no criterion “luck”"),
        (r'{"\ud800luck\u0000": [1, 0, 0]}', "no criterion “luck”"),
        ('{"wait": [1, 0]}', "needs three numbers"),
        ('{"wait": [true, 0, 0]}', "needs three numbers"),
        ('{"wait": ["1", 0, 0]}', "needs three numbers"),
        ('{"wait": [NaN, 0, 0]}', "needs three numbers"),
        ('{"wait": [Infinity, 0, 0]}', "needs three numbers"),
        ('{"wait": [101, 0, 0]}', "needs three numbers"),
        ('{"wait": [1, -1, 2]}', "must stand between"),
        ('{"wait": [1, -1, -2]}', "must stand between"),
        ("{" + " " * 10_000 + "}", "too long"),
    ],
)
def test_a_table_that_cannot_be_tried_says_why(text, sentence):
    with pytest.raises(ValueError, match=sentence) as refusal:
        read(text)
    assert str(refusal.value).encode()
