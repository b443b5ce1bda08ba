"""One process that decodes files for the windows of all tests; starting one costs half a second."""

from collections.abc import Iterator

import pytest

from desktop.jobs.reading import PictureReader


class SharedReader(PictureReader):
    """Windows come and go, its child stays."""

    def close(self) -> None:
        self.give_up()


@pytest.fixture(scope="session")
def reader() -> Iterator[PictureReader]:
    made = SharedReader()
    made.start()
    yield made
    PictureReader.close(made)
