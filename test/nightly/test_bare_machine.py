"""The README's promise: on a machine with nothing but Debian, the two commands work."""

import pytest
from bare_machine import BareMachine


@pytest.mark.parametrize("suite", ["bookworm", "trixie"])
def test_a_clone_is_all_that_a_bare_machine_needs(tmp_path, suite):
    machine = BareMachine(tmp_path / "root", suite)
    machine.clone()
    demo = machine.run("scripts/demo")
    assert demo.returncode == 0
    assert "PONG" in demo.stdout
    assert machine.run("scripts/local-cluster", "down").returncode == 0
    assert machine.run("scripts/test").returncode == 0
    assert machine.run("scripts/setup").stdout == "setup: everything is installed\n"
