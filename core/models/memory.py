"""How a device says that its memory did not suffice."""

import torch


def is_lack_of_memory(error: BaseException) -> bool:
    """Whether the allocator of the GPU, of the CPU or Python's own gave up.

    Who catches such an error raises `core.errors.OutOfMemoryError` outside its except block: what
    the failed step held is free by then.
    """
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and "DefaultCPUAllocator" in str(error)
