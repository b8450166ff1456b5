"""The README's promise: on a machine with nothing but Debian, the two commands work."""

from bare_machine import BareMachine


def test_a_clone_is_all_that_a_bare_debian_12_needs(tmp_path):
    machine = BareMachine(tmp_path / "root", "bookworm")
    show(machine)
    assert machine.run("scripts/test").returncode == 0
    assert machine.run("scripts/setup").stdout == "setup: everything is installed\n"


def test_debian_13_does_as_well(tmp_path):
    """The programs of the local cluster are the same on both: they are not built again."""
    machine = BareMachine(tmp_path / "root", "trixie", share_cache=True)
    show(machine)
    assert machine.run("scripts/test", "unit", "property", "golden").returncode == 0


def show(machine: BareMachine) -> None:
    demo = machine.run("scripts/demo")
    assert demo.returncode == 0
    assert "PONG" in demo.stdout
    assert machine.run("scripts/local-cluster", "down").returncode == 0
