"""Starting processes of the program's own."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Ctrl-C reaches every process of a terminal; one that is started in here never sees it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows, where the child has to say so itself
        yield
        return
    resource_tracker.ensure_running()  # else it is started in here, and lets interrupts through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
