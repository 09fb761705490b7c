"""Where map steps run: in this process, in processes of this machine, or on a cluster that is already there.

Nothing here knows what the work is. Whatever happens to one item stays with that item.
"""

from jixiao.engines.local import InProcessEngine, LocalEngine, default_workers
from jixiao.engines.outcomes import Done, Engine, EngineError, Failure, FailureKind, Outcome

__all__ = [
    "Done",
    "Engine",
    "EngineError",
    "Failure",
    "FailureKind",
    "InProcessEngine",
    "LocalEngine",
    "Outcome",
    "default_workers",
]
