import numpy as np
import pytest

from desktop.language import Language
from desktop.samples import Sample, sample_at, samples


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.title)
def test_a_sample_is_ready_to_edit(sample: Sample) -> None:
    assert sample_at(sample.path) is sample
    for edit in sample.edits:
        for language in Language:
            assert edit.targets[language]
        mask = edit.load_mask()
        if mask is not None:
            assert mask.dtype == np.uint8
            assert 0 < np.count_nonzero(mask > 127) < mask.size


def test_another_picture_is_no_sample(tmp_path) -> None:
    assert sample_at(tmp_path / "orchard.png") is None
