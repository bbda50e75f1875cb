import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals that end a program")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_as_the_user_would(
    ending: signal.Signals, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    environment = os.environ | {"HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    program = subprocess.Popen(
        [sys.executable, "main.py", "--library", str(library)], cwd=ROOT, env=environment
    )
    try:
        while not (library / "library.sqlite").exists():
            with suppress(subprocess.TimeoutExpired):
                pytest.fail(f"It ended by itself: {program.wait(0.05)}")
        program.send_signal(ending)
        assert program.wait(PATIENCE_SECONDS) == 0
    finally:
        program.kill()
        program.wait()
