"""Asynchronous work as a generator, which comes up for air many times a second."""

import asyncio
from collections.abc import Coroutine, Generator
from typing import Any, TypeVar

STEP_SECONDS = 0.1
Result = TypeVar("Result")


def stepping(work: Coroutine[Any, Any, Result]) -> Generator[None, None, Result]:
    """Run work in this thread; closing the generator cancels it at once, whatever it waits for.

    Yields:
        Every tenth of a second, also while the work waits.
    """
    loop = asyncio.new_event_loop()
    task = loop.create_task(work)
    try:
        while not task.done():
            loop.run_until_complete(asyncio.wait({task}, timeout=STEP_SECONDS))
            yield
        return task.result()
    finally:
        task.cancel()
        loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
