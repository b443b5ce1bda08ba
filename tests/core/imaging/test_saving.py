"""What is written: exact pixels, all metadata, whole files or none."""

import errno
import io
import json
import os
import resource
import signal
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageCms

from core.errors import SaveError
from core.imaging import atomic, png
from core.imaging.image import Picture, from_bytes, load, save
from core.imaging.metadata import AI_SOURCE_TYPE, mark_as_ai, upright_xmp
from core.imaging.writing import to_8_bit, to_depth

RANDOM = np.random.default_rng(5)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    b'syntax-ns#"><rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/" tiff:Orientation="6" dc:format="image/jpeg"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
SUFFIXES = (".png", ".tiff", ".jpg", ".webp")


def noise(*shape, dtype=np.uint8):
    return RANDOM.integers(0, np.iinfo(dtype).max + 1, shape, dtype=dtype)


def exif():
    block = Image.Exif()
    block[0x010F] = "A camera"
    block[0x0112] = 6
    block[0x8769] = {0x9003: "2024:05:06 07:08:09", 0x829A: 0.004}
    block[0x8825] = {1: "N", 2: (52.0, 30.0, 0.0)}
    return block.tobytes().removeprefix(b"Exif\0\0")


def photograph(pixels, alpha=None):
    return Picture(pixels, alpha, icc=SRGB, exif=exif(), xmp=XMP, dpi=(300.0, 300.0))


@pytest.mark.parametrize("suffix", [".png", ".tif", ".TIFF"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("transparent", [False, True])
def test_exact_formats_come_back_bit_for_bit(suffix, dtype, transparent, tmp_path):
    pixels = noise(17, 5, 3, dtype=dtype)
    alpha = noise(17, 5, dtype=dtype) if transparent else None
    save(tmp_path / f"a{suffix}", pixels, like=Picture(pixels, alpha))
    again = load(tmp_path / f"a{suffix}")
    assert again.pixels.dtype == dtype
    np.testing.assert_array_equal(again.pixels, pixels)
    if transparent:
        np.testing.assert_array_equal(again.alpha, alpha)
    else:
        assert again.alpha is None


@settings(deadline=None, max_examples=25)
@given(
    hnp.arrays(
        st.sampled_from([np.uint8, np.uint16]),
        st.tuples(st.integers(1, 20), st.integers(1, 20), st.just(3)),
    )
)
def test_any_pixels_survive_png(pixels):
    again = from_bytes(png.encode(pixels))
    assert again.pixels.dtype == pixels.dtype
    np.testing.assert_array_equal(again.pixels, pixels)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_profile_exif_xmp_and_resolution_go_along(suffix, tmp_path):
    pixels = noise(12, 9, 3)
    save(tmp_path / f"a{suffix}", pixels, like=photograph(pixels), recipe={"seed": 1})
    again = load(tmp_path / f"a{suffix}")
    assert again.size == (12, 9)  # the orientation was reset with the pixels upright
    assert again.icc == SRGB
    if suffix != ".webp":
        assert again.dpi == pytest.approx((300, 300), abs=0.01)
    assert again.xmp is not None
    assert AI_SOURCE_TYPE.encode() in again.xmp
    assert b'dc:format="image/jpeg"' in again.xmp
    assert b'tiff:Orientation="1"' in again.xmp
    assert again.exif is not None
    block = Image.Exif()
    block.load(b"Exif\0\0" + again.exif)
    assert block[0x010F] == "A camera"
    assert block.get_ifd(0x8769)[0x9003] == "2024:05:06 07:08:09"
    assert float(block.get_ifd(0x8769)[0x829A]) == pytest.approx(0.004)
    assert block.get_ifd(0x8825)[1] == "N"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_other_programs_read_what_is_written(suffix, tmp_path):
    pixels = noise(12, 9, 3)
    save(tmp_path / f"a{suffix}", pixels, like=photograph(pixels), recipe={"seed": 1})
    with Image.open(tmp_path / f"a{suffix}") as image:
        image.load()
        assert image.size == (9, 12)
        assert image.info.get("icc_profile") == SRGB


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_only_ai_results_are_marked(suffix, tmp_path):
    pixels = noise(4, 4, 3)
    cases = (({}, False), ({"recipe": {}}, True), ({"recipe": {}, "mark_ai": False}, False))
    for number, (options, marked) in enumerate(cases):
        file = tmp_path / f"{number}{suffix}"
        save(file, pixels, **options)
        assert (AI_SOURCE_TYPE.encode() in (load(file).xmp or b"")) == marked


def test_the_recipe_is_readable_text_in_the_png(tmp_path):
    recipe = {"prompt": "사과 — “apple”", "seed": 3}
    save(tmp_path / "a.png", noise(4, 4, 3), recipe=recipe)
    with Image.open(tmp_path / "a.png") as image:
        image.load()
        assert json.loads(image.info["sfumato"]) == recipe
    assert json.loads(png.read_text((tmp_path / "a.png").read_bytes(), "sfumato") or "") == recipe


def test_a_recipe_of_megabytes_can_be_read_by_others(tmp_path):
    save(tmp_path / "a.png", noise(4, 4, 3), recipe={"mask": "x" * 3_000_000})
    assert load(tmp_path / "a.png").size == (4, 4)


def test_old_ai_marks_are_replaced_and_strange_xmp_too():
    marked = mark_as_ai(mark_as_ai(XMP))
    assert marked.count(b"DigitalSourceType=") == 1
    for strange in (b"", b"\0\1", b"<rdf:RDF/>", "<RDF>".encode("utf-16")):
        assert AI_SOURCE_TYPE.encode() in mark_as_ai(strange)
    assert upright_xmp(b"<tiff:Orientation>8</tiff:Orientation>") == (
        b"<tiff:Orientation>1</tiff:Orientation>"
    )


def test_depths_are_converted_to_the_nearest_level():
    every = np.arange(65536, dtype=np.uint16)
    np.testing.assert_array_equal(to_8_bit(every), np.rint(every / 257).astype(np.uint8))
    levels = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(to_8_bit(to_depth(levels, np.dtype(np.uint16))), levels)
    assert to_depth(levels, np.dtype(np.uint16))[-1] == 65535


def test_16_bits_are_rounded_for_jpeg(tmp_path):
    save(tmp_path / "a.jpg", np.full((8, 8, 3), 200 * 257 + 120, np.uint16), quality=100)
    assert (load(tmp_path / "a.jpg").pixels == 200).all()


def test_alpha_of_another_depth_or_size(tmp_path):
    alpha = noise(4, 4)
    save(tmp_path / "a.png", noise(4, 4, 3, dtype=np.uint16), like=Picture(noise(4, 4, 3), alpha))
    np.testing.assert_array_equal(load(tmp_path / "a.png").alpha, alpha.astype(np.uint16) * 257)
    save(tmp_path / "b.png", noise(5, 5, 3), like=Picture(noise(4, 4, 3), alpha))
    assert load(tmp_path / "b.png").alpha is None


# When it cannot be written --------------------------------------------------------------------


def test_the_name_must_say_the_format(tmp_path):
    for name in ("a", "a.gif", "a.exe"):
        with pytest.raises(SaveError, match=rf"^{name} .*End it in"):
            save(tmp_path / name, noise(2, 2, 3))


def test_too_long_sides_are_refused_with_another_format(tmp_path):
    for name in ("a.jpg", "a.webp"):
        with pytest.raises(SaveError, match=r"Save it as \.png"):
            save(tmp_path / name, np.zeros((1, 65_501, 3), np.uint8))
    assert not list(tmp_path.iterdir())


def test_exif_that_does_not_fit_is_not_dropped_silently(tmp_path):
    pixels = noise(2, 2, 3)
    with pytest.raises(SaveError, match=r"EXIF.*Save it as \.png"):
        save(tmp_path / "a.jpg", pixels, like=Picture(pixels, exif=exif() + bytes(70_000)))


@pytest.mark.parametrize("target", ["missing/a.png", "file/a.png", "folder.png"])
def test_impossible_places_are_named(target, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(SaveError, match=r"could not be saved: .*Choose another|or choose another"):
        save(tmp_path / target, noise(2, 2, 3))


class FullFile(io.FileIO):
    """A real file on a disk that has room for a hundred bytes."""

    def write(self, data):
        super().write(bytes(data)[:100])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_leaves_the_old_file_and_no_litter(suffix, tmp_path, monkeypatch):
    file = tmp_path / f"a{suffix}"
    save(file, noise(8, 8, 3))
    before = file.read_bytes()
    monkeypatch.setattr(atomic.os, "fdopen", FullFile)
    with pytest.raises(SaveError, match=rf"a\{suffix} could not be saved: the disk is full"):
        save(file, noise(64, 64, 3))
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs file size limits")
def test_a_write_that_the_system_stops_leaves_the_old_file(tmp_path):
    file = tmp_path / "a.png"
    save(file, noise(8, 8, 3))
    before = file.read_bytes()
    code = (
        "import resource, sys, numpy as np\n"
        "from core.imaging.image import save\n"
        "from core.errors import SaveError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        "pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)\n"
        "try:\n    save(sys.argv[1], pixels)\n"
        "except SaveError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True
    )
    assert "a.png could not be saved" in done.stdout
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounting needs root")
def test_a_full_and_a_read_only_file_system(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        save(disk / "a.png", noise(64, 64, 3))
        before = (disk / "a.png").read_bytes()
        with pytest.raises(SaveError, match="the disk is full"):
            save(disk / "a.png", noise(200, 200, 3))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(SaveError, match="read-only"):
            save(disk / "a.png", noise(4, 4, 3))
        assert (disk / "a.png").read_bytes() == before
        assert [file.name for file in disk.iterdir()] == ["a.png"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_ctrl_c_while_writing_leaves_no_litter(tmp_path, monkeypatch):
    file = tmp_path / "a.png"
    file.write_bytes(b"old")

    def interrupted(handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(atomic.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save(file, noise(8, 8, 3))
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_links_and_permissions_are_kept(tmp_path):
    real, link = tmp_path / "real.png", tmp_path / "link.png"
    save(real, noise(2, 2, 3))
    real.chmod(0o640)
    link.symlink_to(real)
    pixels = noise(3, 3, 3)
    save(link, pixels)
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    np.testing.assert_array_equal(load(real).pixels, pixels)


def test_a_protected_file_is_not_replaced(tmp_path, monkeypatch):
    file = tmp_path / "a.png"
    file.write_bytes(b"old")

    def protected(path, flags):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(atomic.os, "open", protected)
    with pytest.raises(SaveError, match="may not write"):
        save(file, noise(2, 2, 3))
    assert file.read_bytes() == b"old"


def test_kill_while_saving_leaves_the_old_or_the_new(tmp_path):
    file = tmp_path / "a.png"
    code = (
        "import sys, numpy as np\n"
        "from core.imaging.image import save\n"
        "print('ready', flush=True)\n"
        "n = 0\n"
        "while True:\n"
        "    n = (n + 1) % 256\n"
        "    save(sys.argv[1], np.full((300, 300, 3), n, np.uint8))\n"
    )
    save(file, np.zeros((300, 300, 3), np.uint8))
    for wait in (0.01, 0.05, 0.12):
        process = subprocess.Popen([sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        try:
            process.wait(wait)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        pixels = load(file).pixels
        assert pixels.shape == (300, 300, 3)
        assert (pixels == pixels[0, 0, 0]).all()
