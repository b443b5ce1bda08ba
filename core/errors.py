"""Everything that can go wrong, as one tree.

    SfumatoError                    one line: the thing, what is wrong, what to do
    ├── RequestError                the request contradicts itself (mask of another size)
    ├── PictureError                a picture cannot be read (truncated, disguised, too large)
    ├── ModelError                  a model cannot be used
    │   ├── ModelNotFoundError      no such model
    │   ├── ModelDamagedError       a file is missing, truncated or does not fit the others
    │   └── ModelRefusedError       the file could run code (pickle) or asks for code
    ├── SamplingError               the numbers went wrong on the way (NaN)
    ├── OutOfMemoryError            the device's memory did not suffice
    ├── OfflineError                a connection was asked for, and none may be made
    ├── EngineLostError             the engine's process died or hung during an edit
    ├── InversionError              a kept inversion is damaged, or of something else
    ├── RecipeError                 a recipe is absent, unreadable or of an unknown version
    ├── DocumentError               a document is damaged, hostile or of a newer version
    ├── SaveError                   a file could not be written; the old one is untouched
    ├── DataError                   a data package is missing or not what was expected
    └── TrainingError               a training run cannot start or go on

Messages are one line, name the thing and end with the remedy. `exit_code` is what the command
line returns.
"""


class SfumatoError(Exception):
    """Base of all errors that are meant for the user."""

    exit_code = 1


class RequestError(SfumatoError):
    exit_code = 2


class PictureError(SfumatoError):
    exit_code = 3


class ModelError(SfumatoError):
    exit_code = 4


class ModelNotFoundError(ModelError):
    pass


class ModelDamagedError(ModelError):
    pass


class ModelRefusedError(ModelError):
    pass


class SamplingError(SfumatoError):
    exit_code = 5


class OutOfMemoryError(SfumatoError):
    exit_code = 6


class RecipeError(SfumatoError):
    exit_code = 7


class DocumentError(SfumatoError):
    exit_code = 12


class SaveError(SfumatoError):
    exit_code = 8


class DataError(SfumatoError):
    exit_code = 9


class InversionError(SfumatoError):
    exit_code = 11


class TrainingError(SfumatoError):
    exit_code = 10


class OfflineError(SfumatoError):
    exit_code = 13


class EngineLostError(SfumatoError):
    exit_code = 12
