"""scripts/local-cluster: a real single-node Kubernetes on this machine."""

import argparse
import os
import shlex
import signal
from collections.abc import Callable
from pathlib import Path

from .. import console
from ..console import Failure, say
from . import audit, components, preflight
from .components import Component
from .local import NAME_VARIABLE, LocalCluster, cluster_name


def _parse() -> argparse.Namespace:
    common = console.Parser(add_help=False)
    common.add_argument("--name", type=cluster_name, default=argparse.SUPPRESS, help="which cluster, where there are several")
    parser = console.Parser(prog="local-cluster", description=__doc__.partition(": ")[2], parents=[common])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=console.Parser)

    def command(name: str, action: Callable, about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about, parents=[common])
        made.set_defaults(action=action)
        return made

    up = command("up", _up, "bring a cluster up, or what is missing of it")
    up.add_argument("--control-plane-only", action="store_true", help="only etcd and kube-apiserver: no pods")
    command("down", _down, "end and remove the cluster, whatever is left of it")
    command("status", _status, "say what runs; exits with 1 when a component does not")
    load = command("load", _load, "give the node images from archives")
    load.add_argument("archives", nargs="+", type=Path, metavar="IMAGE_TAR")
    logs = command("logs", _logs, "print what a component said")
    stop = command("stop", _stop, "end a component; up and start bring it back")
    stop.add_argument("--kill", action="store_true", help="at once, as if it had crashed")
    pause = command("pause", _pause, "let a component stand still, its connections open, until it is started")
    start = command("start", _start, "start a component that was stopped or paused, and wait until it works")
    restart = command("restart", _restart, "stop a component and start it")
    for about_one in (logs, stop, pause, start, restart):
        about_one.add_argument("component", type=_component, metavar="COMPONENT")
    command("compact", _compact, "make etcd forget every revision but the last")
    command("rotate-ca", _rotate_authority, "restart the API server with a certificate by another authority")
    requests = command("requests", _requests, "count a client's API requests by verb and resource")
    requests.add_argument("user_agent", metavar="USER_AGENT", help="how the user agent begins")
    for name, about in (("kubectl", "run kubectl on the cluster"), ("exec", "run a command on the cluster's network")):
        runs = commands.add_parser(name, help=about, description=about, add_help=False, prefix_chars="\0")
        runs.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARG")
        runs.set_defaults(action=_kubectl if name == "kubectl" else _exec, parser=runs)
    options = parser.parse_args()
    try:
        options.cluster = LocalCluster(getattr(options, "name", None) or cluster_name(os.environ.get(NAME_VARIABLE, "default")))
    except argparse.ArgumentTypeError as wrong:
        parser.error(f"{NAME_VARIABLE}: {wrong}")
    return options


def _component(name: str) -> Component:
    """The type of an argument that names a component."""
    known = {it.name: it for it in components.ALL}
    if name not in known:
        raise argparse.ArgumentTypeError(f"no component is called {name}; there are {', '.join(known)}")
    return known[name]


def _up(options: argparse.Namespace) -> None:
    cluster = options.cluster
    with cluster.alone():
        if options.control_plane_only:
            cluster.up_control_plane()
        else:
            cluster.up()
    say(f"up; scripts/local-cluster{_named(cluster)} kubectl get pods --all-namespaces")


def _down(options: argparse.Namespace) -> None:
    with options.cluster.alone():
        options.cluster.down()
    say("down")


def _status(options: argparse.Namespace) -> int:
    cluster = options.cluster
    if not cluster.is_up():
        say(f"not up; scripts/local-cluster up{_named(cluster)}")
        return 1
    processes = cluster.processes()
    for component, process in processes:
        say(f"{component.name:<25}{f'running as {process}' if process else 'does not run'}")
    say(f"{'kubeconfig':<25}{cluster.kubeconfig}")
    return 0 if all(process for _, process in processes) else 1


def _load(options: argparse.Namespace) -> None:
    for archive in options.archives:
        if not archive.is_file():
            raise Failure(f"{archive} is not a file; scripts/build-images makes archives and says where they are")
    for archive in options.archives:
        options.cluster.load(archive)


def _logs(options: argparse.Namespace) -> None:
    log = options.cluster.log(options.component.name)
    if not log.exists():
        raise Failure(f"{options.component.name} has not run in this cluster; scripts/local-cluster up{_named(options.cluster)}")
    with log.open(errors="replace") as lines:
        for line in lines:
            print(line, end="")


def _stop(options: argparse.Namespace) -> None:
    options.cluster.stop(options.component, signal.SIGKILL if options.kill else signal.SIGTERM)


def _pause(options: argparse.Namespace) -> None:
    options.cluster.pause(options.component)


def _start(options: argparse.Namespace) -> None:
    options.cluster.start(options.component)


def _restart(options: argparse.Namespace) -> None:
    options.cluster.stop(options.component)
    options.cluster.start(options.component)


def _compact(options: argparse.Namespace) -> None:
    options.cluster.compact()


def _rotate_authority(options: argparse.Namespace) -> None:
    options.cluster.rotate_authority()


def _requests(options: argparse.Namespace) -> None:
    if not options.cluster.is_up():
        raise Failure("the cluster is not up: scripts/local-cluster up")
    say(audit.table(audit.count(audit.lines(options.cluster.state), options.user_agent)))


def _kubectl(options: argparse.Namespace) -> None:
    options.cluster.run(["kubectl", *options.arguments])


def _exec(options: argparse.Namespace) -> None:
    if not options.arguments:
        options.parser.error("which command?")
    options.cluster.run(options.arguments)


def _named(cluster: LocalCluster) -> str:
    return "" if cluster.name == "default" else f" --name {shlex.quote(cluster.name)}"


def main() -> int | None:
    options = _parse()
    preflight.want_root()
    return options.action(options)


if __name__ == "__main__":
    console.run("local-cluster", main)
