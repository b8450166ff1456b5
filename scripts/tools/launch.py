"""launch.py MODULE [ARG…]: runs one of the modules beside this file as a command."""

import os
import runpy
import signal
import sys
from pathlib import Path

signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the command is ready to say how it ends
os.environ.setdefault("CCACHE_BASEDIR", str(Path(__file__).resolve().parents[2]))  # what is compiled serves other folders
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.argv = sys.argv[1:]
runpy.run_module(f"tools.{sys.argv[0]}", run_name="__main__", alter_sys=True)
