"""Where a photograph was taken is taken out, and nothing else."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.imaging.metadata import exif_without_place, xmp_without_place

GPS, CAMERA = 0x8825, 0x0110
LATITUDE, MEMO = b"\x12\x34\x56\x78", "35 mm"


def exif_with(place: bool) -> bytes:
    made = Image.Exif()
    made[CAMERA] = "A camera of a name that is long"
    made.get_ifd(0x8769)[0x9286] = MEMO
    if place:
        made.get_ifd(GPS).update({1: "N", 2: (37.0, 33.0, 58.53125), 3: "E", 4: (126.0, 58.0, 0.5)})
    return made.tobytes().removeprefix(b"Exif\0\0")


def parsed(exif: bytes) -> Image.Exif:
    found = Image.Exif()
    found.load(b"Exif\0\0" + exif)
    return found


def test_the_place_goes_and_the_rest_stays() -> None:
    before = exif_with(place=True)
    assert parsed(before).get_ifd(GPS)[2] == pytest.approx((37.0, 33.0, 58.53125))
    after = exif_without_place(before)
    assert after is not None
    assert len(after) == len(before)
    again = parsed(after)
    assert again.get_ifd(GPS) == {}
    assert again[CAMERA] == "A camera of a name that is long"
    assert again.get_ifd(0x8769)[0x9286] == MEMO
    # 58.53125 as a fraction stood in there as two numbers; neither does any more.
    numerator, denominator = (58.53125).as_integer_ratio()
    order = "little" if before[:2] == b"II" else "big"
    pair = numerator.to_bytes(4, order) + denominator.to_bytes(4, order)
    assert pair in before
    assert pair not in after


def test_without_a_place_every_byte_stays() -> None:
    exif = exif_with(place=False)
    assert exif_without_place(exif) == exif
    assert exif_without_place(None) is None


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=14, max_size=60))
def test_what_cannot_be_followed_goes_as_a_whole(rest: bytes) -> None:
    for start in (b"II*\0", b"MM\0*"):
        after = exif_without_place(start + rest)
        assert after is None or len(after) == len(start + rest)


def test_xmp_loses_its_place_alone() -> None:
    xmp = (
        b'<rdf:Description exif:GPSLatitude="37,33.9N" exif:GPSLongitude=\'126,58E\' tiff:Make="X">'
        b"<exif:GPSAltitude>38/1</exif:GPSAltitude><dc:title>GPS</dc:title></rdf:Description>"
    )
    after = xmp_without_place(xmp)
    assert after == (b'<rdf:Description tiff:Make="X"><dc:title>GPS</dc:title></rdf:Description>')


def test_a_jpeg_made_of_it_still_opens() -> None:
    after = exif_without_place(exif_with(place=True))
    assert after is not None
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG", exif=b"Exif\0\0" + after)
    assert Image.open(file).getexif()[CAMERA].startswith("A camera")
