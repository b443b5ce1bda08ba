"""Several edits in one go, over one model and one cache."""

from collections.abc import Generator, Iterable
from contextlib import closing

from core.errors import SfumatoError
from core.events import EditEvent
from core.inversion.cache import InversionCache
from core.models.latent_model import LatentModel
from core.request import EditRequest
from core.run import run_edit


def run_batch(
    requests: Iterable[EditRequest], model: LatentModel, inversions: InversionCache | None = None
) -> Generator[tuple[int, EditEvent | SfumatoError], None, None]:
    """Run the requests one after the other; yield (index, event).

    A request that fails ends with its error in place of Finished, and the next one is run. They are
    taken up one by one, so an iterator may read its pictures as it goes; a picture's requests in a
    row share its encoding and inversion. Closing the generator cancels all that is left.
    """
    inversions = InversionCache() if inversions is None else inversions
    for index, request in enumerate(requests):
        try:
            with closing(run_edit(request, model, inversions)) as events:
                for event in events:
                    yield index, event
        except SfumatoError as error:
            yield index, error
