import signal
import sys

import pytest

from engine.processes import interrupts_held_back


def blocked() -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


@pytest.mark.skipif(sys.platform == "win32", reason="signals cannot be held back there")
def test_interrupts_are_held_back_for_a_while_whatever_happens() -> None:
    def fail() -> None:
        assert blocked()
        raise OSError("full")

    with pytest.raises(OSError, match="full"), interrupts_held_back():
        fail()
    assert not blocked()
