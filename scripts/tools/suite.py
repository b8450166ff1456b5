"""scripts/test: everything that proves the project, in tiers."""

import os
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import command, console, paths
from .console import say

_BUILD = paths.ROOT / "build"
_PROGRAMS = ("valkey-operator", "valkey-webhook")
_FUZZ_SAMPLE = 5
_FUZZ_SWEEP = 300


@dataclass
class Tally:
    """What a tier came to."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0

    def add(self, other: "Tally") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.seconds += other.seconds


class Run:
    """Runs commands for a tier and counts what they say."""

    def __init__(self, pytest_options: list[str]):
        self.tally = Tally()
        self._pytest_options = pytest_options

    def check(self, name: str, *command: str | Path) -> bool:
        """One command that passes or fails as a whole."""
        say(f"--- {name}")
        passed = subprocess.run(command, cwd=paths.ROOT).returncode == 0
        self.tally.add(Tally(passed=int(passed), failed=int(not passed)))
        if not passed:
            say(f"--- {name} FAILED")
        return passed

    def check_all(self, commands: dict[str, list[str | Path]]) -> None:
        """Such commands by their names, as many at once as there are cores; each is told when those before it are."""
        run = lambda it: subprocess.run(it, cwd=paths.ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # noqa: E731
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for name, done in zip(commands, pool.map(run, commands.values())):
                passed = done.returncode == 0
                say(f"--- {name}{'' if passed else ' FAILED'}\n{done.stdout}")
                self.tally.add(Tally(passed=int(passed), failed=int(not passed)))

    def need(self, name: str, *command: str | Path) -> bool:
        """A command that others depend on: quiet, and only its failure counts."""
        done = subprocess.run(command, cwd=paths.ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            say(f"{done.stdout}\n--- {name} FAILED")
            self.tally.add(Tally(failed=1))
        return done.returncode == 0

    def build(self, preset: str, *targets: str) -> bool:
        """Configures a preset and builds all of it, or these targets; only a failure counts."""
        name = f"building {preset}"
        say(f"--- {name}")
        build = ["cmake", "--build", "--preset", preset, *(["--target", *targets] if targets else [])]
        return self.need(name, "cmake", "--preset", preset) and self.need(name, *build)

    def catch(self, preset: str, program: str, *cases: str, within: Sequence[str | Path] = ()) -> None:
        """A Catch2 program, case by case: all that are not hidden, or those that `cases` select; `within` is the command
        that runs it where that is not here."""
        report = _BUILD / preset / f"{program}.xml"
        report.unlink(missing_ok=True)
        reporters = ["--reporter", f"junit::out={report}", "--reporter", "console"]
        self._counted(f"{program} ({preset})", [*within, _BUILD / preset / program, *cases, *reporters], report)

    def catch_on_control_plane(self, preset: str, program: str, *cases: str) -> None:
        """A Catch2 program that wants an API server, on one of its own that is gone afterwards."""
        cluster = [paths.ROOT / "scripts/local-cluster", "--name", program]
        try:
            cleared = self.need("taking down what an interrupted run left", *cluster, "down")
            if cleared and self.need("a control plane", *cluster, "up", "--control-plane-only"):
                self.catch(preset, program, *cases, within=[*cluster, "exec"])
        finally:
            self.need("taking it down", *cluster, "down")

    def pytest(self, folder: str, *selection: str) -> None:
        """A folder of Python tests, case by case."""
        report = _BUILD / f"{folder.replace('/', '-')}.xml"
        report.parent.mkdir(exist_ok=True)
        report.unlink(missing_ok=True)
        options = ["-v", f"--junitxml={report}", *self._pytest_options, *selection]
        self._counted(folder, ["/usr/bin/python3", "-B", "-m", "pytest", *options, paths.ROOT / folder], report)

    def _counted(self, name: str, command: list, report: Path) -> None:
        say(f"--- {name}")
        ended = subprocess.run(command, cwd=paths.ROOT).returncode
        counted = read_junit(report) if report.exists() else Tally()
        if ended != 0 and not counted.failed:
            counted.failed = 1  # it crashed, or found no test
        self.tally.add(counted)


def read_junit(report: Path) -> Tally:
    """Counts the cases of a JUnit report; one that fails or can't run is failed."""
    tally = Tally()
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            tally.failed += 1
        elif case.find("skipped") is not None:
            tally.skipped += 1
        else:
            tally.passed += 1
    return tally


def _lint(run: Run) -> None:
    shell = [it for it in sorted((paths.ROOT / "scripts").iterdir()) if it.is_file() and _is_shell(it)]
    in_pods = sorted((paths.ROOT / "operator/cluster/desired/scripts").iterdir())
    run.check("shellcheck", "shellcheck", *shell, *in_pods, paths.ROOT / "scripts/tools/run", paths.ROOT / ".ci/run")
    if run.build("dev"):
        run.check("lint", paths.ROOT / "scripts/lint")


def _is_shell(file: Path) -> bool:
    first = file.read_bytes().partition(b"\n")[0]
    return first in (b"#!/bin/sh", b"#!/usr/bin/env bash")


def _unit(run: Run) -> None:
    run.pytest("test/scripts")
    if run.build("dev"):
        run.catch("dev", "unit-tests")


def _property(run: Run) -> None:
    if run.build("dev"):
        run.catch("dev", "property-tests")
        _fuzz(run, _FUZZ_SAMPLE)


def _golden(run: Run) -> None:
    run.check("generated files are as the models say", paths.ROOT / "scripts/generate-crds", "--check")
    run.pytest("test/golden")
    if run.build("dev"):
        run.catch("dev", "golden-tests")


def _component(run: Run) -> None:
    if run.build("release", *_PROGRAMS):
        programs = [_BUILD / "release" / it for it in _PROGRAMS]
        run.check("release binaries are hardened", paths.ROOT / "test/scripts/hardening.py", *programs)
    if run.build("dev"):
        run.catch_on_control_plane("dev", "component-tests")
    run.pytest("test/component")


def _e2e(run: Run) -> None:
    run.pytest("test/e2e")


def _sweep(run: Run) -> None:
    if run.build("tsan"):
        run.catch("tsan", "unit-tests")
        run.catch("tsan", "property-tests")
    if run.build("dev"):
        _fuzz(run, _FUZZ_SWEEP)
    if run.build("release"):
        run.catch_on_control_plane("release", "component-tests", "[nightly]")
    run.pytest("test/e2e", "-m", "sweep")
    run.pytest("test/nightly")


def _fuzz(run: Run, seconds: int) -> None:
    commands: dict[str, list[str | Path]] = {}
    for source in sorted((paths.ROOT / "test/fuzz").glob("*.cpp")):
        target = source.stem
        findings = _BUILD / "dev" / f"{target}-findings"
        corpus = paths.ROOT / "test/fuzz/corpus" / target
        findings.mkdir(exist_ok=True)
        limits = [f"-max_total_time={seconds}", "-rss_limit_mb=1024", "-timeout=10", "-verbosity=0"]
        program = _BUILD / "dev" / f"fuzz-{target.replace('_', '-')}"
        commands[f"fuzz {target}, {seconds} s"] = [program, *limits, f"-artifact_prefix={findings}/", findings, corpus]
    run.check_all(commands)


_TIERS: dict[str, tuple[str, Callable[[Run], None]]] = {
    "lint": ("format, clang-tidy, layers, panic-freedom, shell scripts", _lint),
    "unit": ("C++ and scripts, without a network", _unit),
    "property": ("random inputs, and a short run of each fuzz target", _property),
    "golden": ("outputs held to files", _golden),
    "component": ("images, and what talks to a real etcd and kube-apiserver", _component),
    "e2e": ("a real Kubernetes, and real Valkey servers in it", _e2e),
    "nightly": ("long sweeps; never unless named, and named alone it runs after all others", _sweep),
}


def wanted(names: list[str]) -> list[str]:
    """The tiers to run, in order."""
    if not names or names == ["nightly"]:
        return [it for it in _TIERS if it != "nightly" or names]
    return [it for it in _TIERS if it in names]


def _print_summary(tallies: dict[str, Tally]) -> None:
    say(f"\n{'TIER':<12}{'PASSED':>8}{'FAILED':>8}{'SKIPPED':>9}{'TIME':>14}")
    for tier, tally in tallies.items():
        spent = console.elapsed(tally.seconds)
        say(f"{tier:<12}{tally.passed:>8}{tally.failed:>8}{tally.skipped:>9}{spent:>14}")


def main() -> int:
    tiers = "\n".join(f"  {name:<12}{about}" for name, (about, _) in _TIERS.items())
    parser = console.Parser(
        prog="test",
        description="Run what proves the project; every tier but nightly, unless some are named.",
        epilog=f"tiers:\n{tiers}",
        formatter_class=console.RawDescription,
    )
    parser.add_argument("tiers", nargs="*", metavar="TIER")
    parser.add_argument("--kubeconfig", type=Path, metavar="FILE", help="run e2e on this existing cluster")
    parser.add_argument("--context", metavar="NAME", help="with the kubeconfig's context of this name")
    parser.add_argument("--registry", help="where that cluster pulls our images from")
    options = parser.parse_args()
    if unknown := [it for it in options.tiers if it not in _TIERS]:
        parser.error(f"no tier is called {', '.join(unknown)}; there are {', '.join(_TIERS)}")
    command.setup()

    given = {"--kubeconfig": options.kubeconfig and options.kubeconfig.resolve(), "--context": options.context,
             "--registry": options.registry}  # fmt: skip
    pytest_options = [f"{name}={value}" for name, value in given.items() if value]
    tallies: dict[str, Tally] = {}
    for tier in wanted(options.tiers):
        say(f"=== {tier}: {_TIERS[tier][0]}")
        run = Run(pytest_options)
        began = time.monotonic()
        _TIERS[tier][1](run)
        run.tally.seconds = time.monotonic() - began
        tallies[tier] = run.tally
    _print_summary(tallies)
    passed = sum(it.passed for it in tallies.values())
    failed = sum(it.failed for it in tallies.values())
    say(f"\n{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    console.run("test", main)
