"""What scripts/bench cluster decides without starting anything."""

import argparse
import dataclasses
import json
from collections import Counter

import pytest
from tools.bench import asked, cluster, create, firsts, fleet, idle, page, quiet, usage, valkey
from tools.bench.create import Run, Shape
from tools.bench.tail import Tail
from tools.bench.timeline import Moments, Timeline


def change(kind: str, name: str, at: float, **status) -> dict:
    return {"event": "change", "at": at, "object": {"kind": kind, "metadata": {"name": name}, "status": status}}


def pod(name: str, at: float, state: str, ready: str = "False") -> dict:
    container = {"name": "valkey", "state": {state: {}}}
    return change("Pod", name, at, containerStatuses=[container], conditions=[{"type": "Ready", "status": ready}])


READY = {"conditions": [{"type": "Ready", "status": "True"}], "phase": "Running"}
STORY = [
    change("ValkeyCluster", "c", 10.1),
    change("StatefulSet", "c-0", 10.2),
    change("Pod", "c-0-0", 10.3),
    pod("c-0-0", 10.4, "waiting"),
    pod("c-0-0", 11.0, "running"),
    change("StatefulSet", "c-1", 11.5),
    pod("c-1-0", 12.0, "running"),
    pod("c-1-0", 13.0, "running", ready="True"),
    pod("c-0-0", 14.0, "running", ready="True"),
    pod("c-0-0", 14.5, "running", ready="True"),
    change("ValkeyCluster", "c", 15.0, phase="Creating", conditions=[{"type": "Ready", "status": "False"}]),
    change("ValkeyCluster", "c", 16.0, **READY),
]


def test_each_moment_is_the_first_of_the_last_to_come_there():
    timeline = Timeline(shards=2, pods=2)
    assert [timeline.hear(it) for it in STORY] == [False] * (len(STORY) - 1) + [True]
    moments = timeline.since(10)
    assert moments == Moments(objects=1.5, pods_run=2.0, pods_ready=4.0, ready=6.0, running=6.0)
    assert (moments.after_run, moments.after_pods_ready) == (4.0, 2.0)


def test_what_has_not_happened_yet_can_be_told():
    timeline = Timeline(shards=2, pods=2)
    for said in STORY[:5]:
        timeline.hear(said)
    assert timeline.missing() == ["objects 1/2", "pods_run 1/2", "pods_ready 0/2", "ready 0/1", "running 0/1"]


def test_a_pod_runs_when_all_its_containers_do():
    timeline = Timeline(shards=0, pods=1)
    two = [{"state": {"running": {}}}, {"state": {"waiting": {}}}]
    timeline.hear(change("Pod", "c-0-0", 1.0, containerStatuses=two))
    assert "pods_run 0/1" in timeline.missing()


def audited(number: int, verb: str, resource: str, name: str = "", code: int = 200, agent: str = "valkey-operator/0.1") -> str:
    path, _, group = resource.partition(".")
    kind, _, part = path.partition("/")
    event = {
        "auditID": str(number),
        "userAgent": agent,
        "verb": verb,
        "objectRef": {"resource": kind, "subresource": part, "apiGroup": group, "name": name},
        "responseStatus": {"code": code},
        "stageTimestamp": f"1970-01-01T00:00:{number:02}.500000Z",
    }
    return json.dumps(event)


STATUS = "valkeyclusters/status.valkey-operator.dev"
LOG = [
    audited(1, "watch", "pods"),
    audited(2, "patch", "leases.coordination.k8s.io", "valkey-operator"),
    audited(3, "get", "secrets", "a-auth", code=404),
    audited(4, "patch", "services", "a"),
    audited(5, "patch", "services", "a-headless"),
    audited(6, "patch", STATUS, "a"),
    audited(7, "get", "secrets", "a-b-auth"),
    audited(8, "create", "events.events.k8s.io", "a.1234"),
    audited(9, "patch", "pods", "a-b-0-0", agent="kubelet"),
    '{"auditID": "10", "verb',
]


def test_watches_and_the_lease_are_not_counted_among_the_requests():
    told = asked.asked(LOG)
    assert told.requests == Counter(
        {("patch", "services"): 2, ("get", "secrets"): 2, ("patch", STATUS): 1, ("create", "events.events.k8s.io"): 1}
    )
    assert told.for_lease == 1
    assert told.writes == 4
    assert told.text() == f"2× get secrets, 2× patch services, create events.events.k8s.io, patch {STATUS}"
    assert asked.asked([]).text() == "nothing"


def test_the_operator_came_to_a_cluster_with_the_first_request_for_what_is_named_after_it():
    seen = firsts.Firsts(["a", "a-b", "c"])
    seen.hear(LOG[:5])
    seen.hear(LOG[5:])
    assert seen.looked == {"a": 3.5, "a-b": 7.5} and seen.unlooked() == 1
    assert seen.told == {"a": 6.5} and seen.untold() == 2
    assert seen.written == 8.5


def test_what_failed_for_the_servers_sake_does_not_count_as_having_come():
    seen = firsts.Firsts(["a"])
    seen.hear([audited(1, "patch", STATUS, "a", code=503)])
    assert (seen.looked, seen.told, seen.written) == ({}, {}, 0.0)


def test_a_tail_has_whole_lines_from_then_on(tmp_path):
    log = tmp_path / "log"
    log.write_text("old\n")
    tail = Tail(log)
    with log.open("a") as file:
        print("one\ntw", end="", file=file, flush=True)
        assert tail.lines() == ["one"]
        print("o", file=file, flush=True)
        assert tail.lines() == ["two"]
    assert tail.lines() == []


def test_a_tail_may_wait_for_its_file(tmp_path):
    tail = Tail(tmp_path / "log")
    assert tail.lines() == []
    (tmp_path / "log").write_text("one\n")
    assert tail.lines() == ["one"]


def test_a_server_tells_how_often_a_command_was_called():
    said = "# Commandstats\r\ncmdstat_cluster|nodes:calls=41,usec=8,usec_per_call=0.2\r\ncmdstat_info:calls=3,usec=9\r\n"
    assert valkey.calls(said) == {"cluster|nodes": 41, "info": 3}


def test_open_connections_to_a_port_are_counted():
    row = "   0: 0100007F:C350 {address}:{port:04X} {state} 00000000:00000000 00:00000000 00000000     0        0 1 1"
    rows = [("0100007F", 6379, "01"), ("00000000000000000000FFFF0100007F", 6379, "01"), ("0100007F", 6379, "06"), ("0100007F", 443, "01")]
    table = ["  sl  local_address rem_address   st", *(row.format(address=a, port=p, state=s) for a, p, s in rows)]
    assert usage.connections("\n".join(table), 6379) == 2


def test_a_metric_is_summed_over_its_series():
    text = '# TYPE a_total counter\na_total{result="success"} 3\na_total{result="error"} 4\na_total_other{x="1"} 9\n'
    assert fleet.total(text, "a_total") == 7


@pytest.mark.parametrize("number", [1, 3])
def test_clusters_are_given_to_kubectl_as_a_list(number):
    made = [valkey.manifest(f"c-{it}", 3, 1) for it in range(number)]
    assert json.loads(valkey.stream(made))["items"] == made


def run(after: float, requests: int) -> Run:
    moments = Moments(objects=0.5, pods_run=4.0, pods_ready=6.0, ready=4.0 + after, running=4.0 + after)
    return Run(moments, asked.Asked(Counter({("get", "secrets"): requests, ("patch", "services"): 2}), for_lease=3))


def cells(table: str, row: int) -> dict[str, str]:
    lines = [line for line in table.splitlines() if line.startswith("|")]
    head, wanted = ([it.strip() for it in lines[at].strip("|").split("|")] for at in (0, 2 + row))
    return dict(zip(head, wanted, strict=True))


def test_a_shape_has_its_middle_run_and_its_worst():
    text = create.section({Shape(3, 1): [run(1.5, 4), run(3.0, 20), run(2.0, 5)]})
    middle, worst = cells(text, 0), cells(text, 1)
    assert (middle["shape"], middle["goes by"], worst["goes by"]) == ("3×1", "median", "worst")
    assert (middle["Ready after pods run"], worst["Ready after pods run"]) == ("2.00 s", "3.00 s")
    assert (middle["Ready after pods Ready"], worst["Ready after pods Ready"]) == ("0.00 s", "1.00 s")
    assert (middle["requests"], worst["requests"], middle["writes"]) == ("7", "22", "2")
    assert "- 3×1: 5× get secrets, 2× patch services\n" in text


CALM = quiet.Quiet(
    seconds=120.0,
    asked=asked.Asked(Counter({("get", "secrets"): 6}), for_lease=60),
    memory=usage.Memory(resident=12 << 20, anonymous=4 << 20, proportional=10 << 20, peak=13 << 20),
    cpu_per_minute=0.05,
)


def test_what_idleness_costs_is_told_a_minute():
    text = idle.section([idle.Idle(clusters=1, servers=6, polls=0.667, connections=6, quiet=CALM)], minutes=2)
    row = cells(text, 0)
    assert (row["requests/min"], row["writes"], row["polls/10 s"], row["RSS"]) == ("3.0", "0", "0.67", "12.0 MiB")
    assert "- 1: 6× get secrets; 60 for its lease\n" in text


def test_what_a_fleet_costs_is_told_for_each_cluster():
    first = fleet.Start(0.5, 2.0, 2.5, asked.Asked(Counter({("patch", "services"): 40, ("get", "secrets"): 30}), 0))
    again = dataclasses.replace(first, written=None, asked=asked.Asked(Counter({("get", "secrets"): 30}), 0))
    text = fleet.section([fleet.Fleet(20, first, CALM, 120.0, again)], window=60)
    row = cells(text.partition("started again with")[0], 0)
    assert (row["requests each"], row["writes each"], row["last write"]) == ("3.5", "2.0", "2.50 s")
    assert cells(text.partition("started again with")[2], 0)["writes"] == "0"
    assert "- 20, a cluster: 2× patch services, 1.5× get secrets\n" in text


def test_shapes_are_shards_and_their_replicas():
    assert cluster.shapes("3x1,1x0") == [Shape(3, 1), Shape(1, 0)]
    assert Shape(3, 1).pods == 6 and str(Shape(3, 1)) == "3×1"


@pytest.mark.parametrize("text", ["3", "0x1", "3x", "x1", "3x1,", "3xa"])
def test_bad_shapes_are_refused(text):
    with pytest.raises(argparse.ArgumentTypeError):
        cluster.shapes(text)


PAGE = "# Benchmarks\n\n## One\n\nfirst\n\n### Part of it\n\n1\n\n## Two\n\nsecond\n"


def test_a_part_of_the_page_is_replaced_where_it_is():
    assert page.replaced(PAGE, "## One\n\nnew\n") == "# Benchmarks\n\n## One\n\nnew\n\n## Two\n\nsecond\n"


def test_a_part_that_is_new_comes_last():
    assert page.replaced(PAGE, "## Three\n\nthird") == PAGE + "\n## Three\n\nthird\n"
