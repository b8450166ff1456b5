"""What every Python test can ask for."""

from pathlib import Path

import pytest


def pytest_addoption(parser):
    parser.addoption("--kubeconfig", type=Path)
    parser.addoption("--context")
    parser.addoption("--registry")


@pytest.fixture(scope="session")
def existing_cluster(request) -> list[str]:
    """The options that lead to a cluster of the user's; none where the tests make their own."""
    given = {it: request.config.getoption(it) for it in ("--kubeconfig", "--context", "--registry")}
    return [f"{name}={value}" for name, value in given.items() if value]
