"""The Easy Read pictures: each has its meaning written down, holds no letters, and prints in black on white."""

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings

FOLDER = settings.BASE_DIR / "static" / "img" / "easy_read"
PICTURES = sorted(FOLDER.glob("*.svg"))


def test_every_picture_has_its_meaning_in_the_list_and_none_is_missing():
    told = re.findall(r"^\| (\w+) \|", (FOLDER / "README.md").read_text(), re.MULTILINE)
    assert [name for name in told if name != "File"] == [picture.stem for picture in PICTURES]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_picture_is_black_lines_on_white_without_letters(picture):
    drawn = ElementTree.parse(picture).getroot()  # noqa: S314  # our own files
    assert drawn.get("viewBox") == "0 0 64 64"
    assert {element.tag.rpartition("}")[2] for element in drawn.iter()} <= {
        "svg", "g", "rect", "circle", "ellipse", "path",
    }  # fmt: skip
    colours = {element.get(name) for element in drawn.iter() for name in ("fill", "stroke")}
    assert colours <= {None, "none", "#000", "#fff"}
    ground = drawn[0]
    assert (ground.get("fill"), ground.get("width"), ground.get("height")) == ("#fff", "64", "64")
