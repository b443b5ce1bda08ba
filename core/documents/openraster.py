"""Documents as OpenRaster files (.ora), with our own members beside the layers (.sfumato).

https://www.openraster.org/baseline/file-layout-spec.html. Krita, GIMP and MyPaint open them as
layers; what is ours lies under "sfumato/", where they do not look.
"""

from pathlib import Path

from core.documents.document import StoredDocument
from core.documents.flatten import Look
from core.documents.members import Members, Written
from core.documents.reader import read_document, read_merged
from core.documents.writer import Writer
from core.errors import SaveError
from core.imaging.atomic import replacing

__all__ = ["SUFFIXES", "Written", "read", "read_merged", "write"]

SUFFIXES = (".sfumato", ".ora")


def read(path: Path | str) -> StoredDocument:
    """The document in `path`; its arrays are read-only. Raises DocumentError.

    Sizes are held against limits before memory is asked for, and nothing is unpacked to the disk.
    """
    return read_document(Path(path))


def write(
    path: Path | str,
    document: StoredDocument,
    *,
    merged: Look | None = None,
    with_preview: bool = True,
    earlier: Written | None = None,
) -> Written:
    """Write `document` to `path`, whole or not at all; the old file stays until then.

    merged: what the visible layers show (pixels HxWx3, alpha HxW or None), if it is known already.
    with_preview: whether the merged picture and the thumbnail are written; OpenRaster asks for
        them, recovery does not need them.
    earlier: what an earlier call gave back. Arrays that are read-only and were written then are
        copied from that file, not packed again.

    Returns what the next call may be given as `earlier`. Raises SaveError.
    """
    path = Path(path)
    written = Written(path, document.icc)
    try:
        with replacing(path) as file:
            members = Members(file, written, earlier)
            try:
                Writer(members, document).write(merged, with_preview=with_preview)
            finally:
                members.close()
    except (ValueError, MemoryError) as error:
        reason = str(error).strip().rstrip(".") or type(error).__name__
        raise SaveError(f"{path.name} could not be made ({reason}). Export a picture.") from error
    written.put_stamp()
    return written
