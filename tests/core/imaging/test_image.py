import io
import pickle
import struct
import zlib

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from core.errors import PictureError
from core.imaging import png
from core.imaging.image import from_bytes, load

RANDOM = np.random.default_rng(7)


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def noise(*shape, dtype=np.uint8):
    return RANDOM.integers(0, np.iinfo(dtype).max + 1, shape, dtype=dtype)


def png_of(values, colour, extra=()):
    """A PNG of 16 bits per channel, written by hand."""
    height, width = values.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    header = struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0)
    parts = [png.chunk(b"IHDR", header), *extra, png.chunk(b"IDAT", zlib.compress(rows))]
    return png.SIGNATURE + b"".join(parts) + png.chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF", "WEBP", "JPEG"])
def test_every_format_opens_by_content(kind, tmp_path):
    values = np.repeat(noise(3, 5, 1), 3, axis=2)
    options = {"lossless": True} if kind == "WEBP" else {}
    source = Image.fromarray(values)
    file = tmp_path / "picture.xyz"
    file.write_bytes(encoded(source.convert("L") if kind == "GIF" else source, kind, **options))
    picture = load(file)
    assert picture.format == kind
    assert picture.path == file
    assert picture.size == (3, 5)
    assert picture.alpha is None
    assert picture.pixels.dtype == np.uint8
    assert not picture.pixels.flags.writeable
    if kind != "JPEG":
        np.testing.assert_array_equal(picture.pixels, values)


@pytest.mark.parametrize(("colour", "channels"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_16_bit_png_is_kept_exactly(colour, channels):
    values = noise(7, 5, channels, dtype=np.uint16)
    # A gamma and a transparent profile-less header must not bend the values.
    picture = from_bytes(png_of(values, colour, [png.chunk(b"gAMA", struct.pack(">I", 100000))]))
    colours = values[..., :3] if channels > 2 else values[..., [0, 0, 0]]
    np.testing.assert_array_equal(picture.pixels, colours)
    if channels in (2, 4):
        np.testing.assert_array_equal(picture.alpha, values[..., -1])
    else:
        assert picture.alpha is None


def test_16_bit_png_with_a_transparent_colour():
    values = noise(4, 4, 3, dtype=np.uint16)
    key = struct.pack(">HHH", *values[1, 2])
    picture = from_bytes(png_of(values, 2, [png.chunk(b"tRNS", key)]))
    np.testing.assert_array_equal(picture.pixels, values)
    assert picture.alpha is not None
    assert picture.alpha[1, 2] == 0
    assert (picture.alpha == 65535).sum() == 15


@pytest.mark.parametrize("photometric", ["rgb", "minisblack", "miniswhite"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_16_bit_tiff_is_kept_exactly(photometric, compression):
    values = (
        noise(9, 4, 3, dtype=np.uint16) if photometric == "rgb" else noise(9, 4, dtype=np.uint16)
    )
    file = io.BytesIO()
    tifffile.imwrite(file, values, photometric=photometric, compression=compression)
    colours = values if values.ndim == 3 else np.repeat(values[..., None], 3, axis=2)
    if photometric == "miniswhite":
        colours = 65535 - colours
    np.testing.assert_array_equal(from_bytes(file.getvalue()).pixels, colours)


def test_16_bit_tiff_planes_alpha_and_premultiplied():
    values = noise(6, 5, 4, dtype=np.uint16)
    file = io.BytesIO()
    tifffile.imwrite(
        file,
        np.moveaxis(values, 2, 0),
        photometric="rgb",
        planarconfig="separate",
        extrasamples=["unassalpha"],
    )
    picture = from_bytes(file.getvalue())
    np.testing.assert_array_equal(picture.pixels, values[..., :3])
    np.testing.assert_array_equal(picture.alpha, values[..., 3])

    file = io.BytesIO()
    multiplied = np.array([[[100, 200, 300, 32768]]], np.uint16)
    tifffile.imwrite(file, multiplied, photometric="rgb", extrasamples=["assocalpha"])
    np.testing.assert_array_equal(from_bytes(file.getvalue()).pixels, [[[200, 400, 600]]])


def test_16_bit_tiff_compressed_with_lzw():
    values = noise(30, 20, 3, dtype=np.uint16)
    done, data = cv2.imencode(".tiff", values[..., ::-1], [cv2.IMWRITE_TIFF_COMPRESSION, 5])
    assert done
    np.testing.assert_array_equal(from_bytes(data.tobytes()).pixels, values)


def test_tiff_of_floats_is_refused_with_a_remedy():
    file = io.BytesIO()
    tifffile.imwrite(file, np.zeros((3, 3, 3), np.float32), photometric="rgb")
    with pytest.raises(PictureError, match="8 or 16 bit RGB"):
        from_bytes(file.getvalue(), name="render.tif")


# Where the picture's top left corner is stored, and whether rows are columns, per EXIF value.
ORIENTED = {
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: lambda a: np.swapaxes(a, 0, 1),
    6: lambda a: np.rot90(a, 1),
    7: lambda a: np.swapaxes(np.rot90(a, 2), 0, 1),
    8: lambda a: np.rot90(a, -1),
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_orientation_is_applied_and_reset(orientation, kind):
    seen = noise(3, 5, 3)
    stored = np.ascontiguousarray(ORIENTED[orientation](seen))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "A camera"
    options = {"lossless": True} if kind == "WEBP" else {}
    picture = from_bytes(encoded(Image.fromarray(stored), kind, exif=exif, **options))
    np.testing.assert_array_equal(picture.pixels, seen)
    assert picture.exif is not None
    again = Image.Exif()
    again.load(b"Exif\0\0" + picture.exif)
    assert again.get(0x0112, 1) == 1
    assert again[0x010F] == "A camera"


def test_orientation_of_16_bits_with_alpha():
    seen = noise(3, 5, 4, dtype=np.uint16)
    exif = Image.Exif()
    exif[0x0112] = 6
    chunk = png.chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))
    picture = from_bytes(png_of(np.rot90(seen), 6, [chunk]))
    np.testing.assert_array_equal(picture.pixels, seen[..., :3])
    np.testing.assert_array_equal(picture.alpha, seen[..., 3])


def test_palette_with_transparency():
    image = Image.new("P", (4, 1))
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9])
    image.putdata([0, 1, 2, 3])
    data = encoded(image, "PNG", transparency=bytes([255, 0, 128, 255]))
    picture = from_bytes(data)
    np.testing.assert_array_equal(
        picture.pixels[0], [[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 9]]
    )
    np.testing.assert_array_equal(picture.alpha, [[255, 0, 128, 255]])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGB", "RGBA"])
def test_pillow_modes(mode):
    image = Image.fromarray(noise(6, 6, 4), "RGBA").convert(mode)
    picture = from_bytes(encoded(image, "PNG"))
    np.testing.assert_array_equal(picture.pixels, np.asarray(image.convert("RGB")))
    assert (picture.alpha is not None) == ("A" in mode)
    if picture.alpha is not None:
        np.testing.assert_array_equal(picture.alpha, np.asarray(image.getchannel("A")))


def test_cmyk_without_a_profile():
    image = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    picture = from_bytes(encoded(image, "JPEG", quality=100))
    red, green, blue = picture.pixels[4, 4].astype(int)
    assert red > 240
    assert green < 15
    assert blue < 15


def linear_grey_profile():
    """A version 2 ICC profile of grey whose values are proportional to light."""
    white = b"XYZ \0\0\0\0" + struct.pack(">iii", 63190, 65536, 54061)
    curve = b"curv" + bytes(8)
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"grey\0" + bytes(78 + 3)
    parts = {b"wtpt": white, b"kTRC": curve, b"desc": text}
    table, body, start = b"", b"", 128 + 4 + 12 * len(parts)
    for tag, content in parts.items():
        table += tag + struct.pack(">II", start + len(body), len(content))
        body += content
    size = struct.pack(">I", start + len(body))
    head = size + bytes(4) + b"\x02\x40\0\0" + b"mntrGRAYXYZ " + bytes(12) + b"acsp"
    head = head.ljust(68, b"\0") + struct.pack(">iii", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(parts)) + table + body


@pytest.mark.parametrize("depth", [8, 16])
def test_profiled_grey_is_converted_to_srgb(depth):
    icc = linear_grey_profile()
    if depth == 8:
        data = encoded(Image.new("L", (3, 2), 55), "PNG", icc_profile=icc)
    else:
        data = png_of(np.full((2, 3, 1), 55 * 257, np.uint16), 0, [png.icc_chunk(icc)])
    picture = from_bytes(data)
    assert picture.icc is None
    # 55 / 255 of the light is the sRGB value 128.
    assert picture.pixels / (1 if depth == 8 else 257) == pytest.approx(128, abs=1)


def test_a_profile_of_other_colours_is_not_kept_on_rgb():
    grey = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    grey[16:20] = b"CMYK"
    picture = from_bytes(encoded(Image.new("RGB", (2, 2)), "PNG", icc_profile=bytes(grey)))
    assert picture.icc is None


def test_lab_is_converted():
    lab = ImageCms.profileToProfile(
        Image.new("RGB", (4, 4), (200, 30, 40)),
        ImageCms.createProfile("sRGB"),
        ImageCms.createProfile("LAB"),
        outputMode="LAB",
    )
    assert lab is not None
    picture = from_bytes(encoded(lab, "TIFF"))
    assert np.abs(picture.pixels[0, 0].astype(int) - [200, 30, 40]).max() <= 4
    assert picture.icc is None


def test_rgb_profile_and_resolution_are_kept():
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encoded(Image.new("RGB", (2, 2)), "JPEG", icc_profile=icc, dpi=(300, 300))
    picture = from_bytes(data)
    assert picture.icc == icc
    assert picture.dpi == (300, 300)


def test_the_first_of_an_animation_is_taken():
    frames = [Image.new("RGB", (3, 3), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert tuple(from_bytes(data).pixels[0, 0]) == (255, 0, 0)


# Bad files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF"])
def test_truncated_files_are_named(kind):
    source = Image.fromarray(noise(64, 48, 3))
    data = encoded(source.quantize() if kind == "GIF" else source, kind)
    for share in (0.02, 0.3, 0.6, 0.9):
        with pytest.raises(PictureError, match=r"^half\.img .*[.]$"):
            from_bytes(data[: int(len(data) * share)], name="half.img")


@pytest.mark.parametrize("colour", [2, 6])
def test_truncated_16_bit_files_are_named(colour):
    data = png_of(noise(64, 48, 3 if colour == 2 else 4, dtype=np.uint16), colour)
    for share in (0.3, 0.9, 0.999):
        with pytest.raises(PictureError, match="is damaged"):
            from_bytes(data[: int(len(data) * share)])
    altered = bytearray(data)
    altered[len(data) // 2] ^= 255
    with pytest.raises(PictureError, match="checksum"):
        from_bytes(bytes(altered))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "PostScript"),
        (b'<?xml version="1.0"?><svg xmlns="x"></svg>', "SVG"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (pickle.dumps({"a": 1}), "pickle"),
        (b"PK\x03\x04rest", "zip"),
        (b"%PDF-1.7", "PDF"),
        (b"", "empty"),
        (b"just words", "not a picture"),
    ],
)
def test_disguised_files_are_refused_by_content(content, what, tmp_path):
    file = tmp_path / "holiday.png"
    file.write_bytes(content)
    with pytest.raises(PictureError, match=rf"holiday\.png is .*{what}"):
        load(file)


def bomb(width, height, depth=8, colour=2):
    """A small PNG whose header promises a very large picture."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    idat = zlib.compress(bytes(1000))
    return (
        png.SIGNATURE
        + png.chunk(b"IHDR", header)
        + png.chunk(b"IDAT", idat)
        + png.chunk(b"IEND", b"")
    )


def test_a_header_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("it was decoded"))
    with pytest.raises(PictureError, match=r"30000 x 20000 pixels, 600 megapixels; at most 300"):
        from_bytes(bomb(30000, 20000))
    for depth in (8, 16):
        with pytest.raises(PictureError, match="promises 13001 x 13001"):
            from_bytes(bomb(13001, 13001, depth))


def test_a_deflate_bomb_in_a_tiff_is_refused():
    file = io.BytesIO()
    values = np.zeros((20, 20, 3), np.uint16)
    tifffile.imwrite(file, values, photometric="rgb", compression="zlib", software="x" * 40_000)
    file.seek(0)
    with tifffile.TiffFile(file) as opened:
        page = opened.pages[0]
        start, tag = page.dataoffsets[0], page.tags["StripByteCounts"]
    packed = zlib.compress(bytes(10_000_000), 9)
    data = bytearray(file.getvalue().ljust(start + len(packed), b"\0"))
    data[start : start + len(packed)] = packed
    data[tag.valueoffset : tag.valueoffset + 4] = struct.pack("<I", len(packed))
    with pytest.raises(PictureError, match="hold more than"):
        from_bytes(bytes(data))


def test_the_limit_can_be_set_and_counts_for_all_formats():
    for kind in ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF"):
        data = encoded(Image.new("RGB", (50, 40)), kind)
        assert from_bytes(data, max_pixels=2000).size == (40, 50)
        with pytest.raises(PictureError, match="50 x 40 pixels"):
            from_bytes(data, max_pixels=1999)


def test_a_webp_bomb_is_refused_before_pillow_sees_it(monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *a, **k: pytest.fail("it was opened"))
    body = b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff\xff\xff" * 2
    data = b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    with pytest.raises(PictureError, match="16777216 x 16777216"):
        from_bytes(data)


def test_a_picture_without_pixels_is_refused():
    with pytest.raises(PictureError, match="0 x 5"):
        from_bytes(bomb(0, 5))


def test_missing_files_and_folders_are_named(tmp_path):
    with pytest.raises(PictureError, match=r"gone\.png does not exist"):
        load(tmp_path / "gone.png")
    with pytest.raises(PictureError, match="is a folder"):
        load(tmp_path)


def test_mutated_files_end_in_a_picture_or_a_picture_error():
    sources = [
        encoded(Image.fromarray(noise(16, 16, 3)), "PNG"),
        encoded(Image.fromarray(noise(16, 16, 3)), "JPEG"),
        encoded(Image.fromarray(noise(16, 16, 4)), "WEBP"),
        encoded(Image.fromarray(noise(16, 16, 3)), "TIFF"),
        encoded(Image.fromarray(noise(16, 16, 3)), "BMP"),
        encoded(Image.fromarray(noise(16, 16, 3)).quantize(), "GIF"),
        png_of(noise(16, 16, 3, dtype=np.uint16), 2),
    ]
    file = io.BytesIO()
    tifffile.imwrite(file, noise(16, 16, 3, dtype=np.uint16), photometric="rgb", compression="zlib")
    sources.append(file.getvalue())
    generator = np.random.default_rng(3)
    messages = []
    for source in sources:
        for _ in range(60):
            data = bytearray(source)
            for place in generator.integers(0, min(len(data), 400), generator.integers(1, 5)):
                data[place] = generator.integers(256)
            try:
                assert from_bytes(bytes(data), max_pixels=10**6).pixels.ndim == 3
            except PictureError as error:
                messages.append(str(error))
    assert messages
    assert all(message.endswith(".") and "\n" not in message for message in messages)
