# transformers is dynamic: its own annotations reject correct calls (configurations, .to(device)).
# For pyright it is therefore untyped; our own functions around it are annotated.
from typing import Any

def __getattr__(name: str) -> Any: ...
