"""A process that is told to end by a signal ends, whatever it is doing."""

import subprocess
import sys

from openprocurement_api.testing.processes import PATIENCE

IN_THE_MIDST_OF_A_WAIT = """
import os, signal
from openprocurement_api.children import stop_on

stop = stop_on(signal.SIGTERM)
with stop._cond:  # as `stop.wait` holds it
    os.kill(os.getpid(), signal.SIGTERM)
stop.wait()
"""


def test_a_signal_in_the_midst_of_a_wait_is_heard():
    subprocess.run([sys.executable, "-c", IN_THE_MIDST_OF_A_WAIT], check=True, timeout=PATIENCE)
