"""What scripts/bench decides without starting anything."""

import argparse
import dataclasses
import json
import os
import subprocess

import pytest
import yaml
from tools.bench import kube, measured, options, programs, report, requests, running, samples, usage
from tools.console import Failure

FIGURES = measured.Figures(
    sync=2.0,
    sync_cpu=1.0,
    steady=100 << 20,
    anonymous=80 << 20,
    proportional=90 << 20,
    peak=150 << 20,
    events_per_second=1234.5,
    cpu_per_event=0.0001,
    steady_after_events=110 << 20,
    requests="list, watch",
)
ROWS = [
    report.Row("ours", "default", FIGURES),
    report.Row("theirs", "stripped", dataclasses.replace(FIGURES, steady=250 << 20, sync=1.0)),
]
STOCK = report.Stock(objects=1000, bytes=2 << 20)


def test_a_row_says_how_many_times_the_first_row_it_is():
    first, second = (cells(line) for line in report.table(ROWS, STOCK).splitlines()[2:])
    assert first["sync"] == "2.00 s" and second["sync"] == "1.00 s (0.5×)"
    assert first["steady"] == "100.0 MiB" and second["steady"] == "250.0 MiB (2.5×)"


def test_memory_is_related_to_the_objects_and_to_its_peak():
    row = cells(report.table(ROWS, STOCK).splitlines()[2])
    assert row["per object"] == f"{100 * 2**20 // 1000 + 1:,} B"
    assert row["peak ÷ steady"] == "1.50"
    assert row["events/s"] == "1,234" and row["CPU an event"] == "100 µs"


def test_every_line_of_a_table_is_as_wide_as_the_others():
    assert len({len(line) for line in report.table(ROWS, STOCK).splitlines()}) == 1


def test_a_section_tells_the_floor_and_what_was_asked():
    text = report.section(ROWS, STOCK)
    assert text.startswith("### 1,000 objects, 2.0 MiB of JSON (2,097 B each)\n")
    assert "- theirs, stripped: list, watch\n" in text


def cells(line: str) -> dict[str, str]:
    return dict(zip(report.HEAD, (it.strip() for it in line.strip("|").split("|")), strict=True))


def test_the_middle_of_several_runs_is_taken_figure_by_figure():
    runs = [dataclasses.replace(FIGURES, sync=sync, peak=peak) for sync, peak in ((1, 30), (3, 10), (2, 20))]
    assert measured.medians(runs) == dataclasses.replace(FIGURES, sync=2, peak=20)


def test_sizes_are_read_in_bytes_and_other_lines_passed_over():
    status = "Name:\ta b kB\nVmHWM:\t   2048 kB\nRssAnon:\t      12 kB\nThreads:\t4\n"
    assert usage.sizes(status) == {"VmHWM": 2048 * 1024, "RssAnon": 12 * 1024}


def test_a_name_with_parentheses_does_not_shift_what_follows():
    stat = "42 (a ) (b) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 4 0 1000"
    assert usage.ticks(stat) == 300


def test_this_very_process_can_be_measured():
    memory = usage.memory(os.getpid())
    assert 0 < memory.anonymous <= memory.resident <= memory.peak
    assert usage.cpu_seconds(os.getpid()) > 0


def test_a_process_that_has_ended_is_told():
    ended = subprocess.Popen("true")
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)  # it is there until it is waited for, without memory
    with pytest.raises(Failure, match="ended before"):
        usage.memory(ended.pid)
    ended.wait()
    with pytest.raises(Failure, match="ended before"):
        usage.memory(ended.pid)


def audited(verb: str, query: str, number: int, **fields) -> str:
    reference = {"resource": "valkeyclusters", "apiGroup": "bench.valkey-operator.dev"}
    uri = f"/apis/bench.valkey-operator.dev/v1alpha1/valkeyclusters?{query}"
    event = {"verb": verb, "requestURI": uri, "auditID": str(number), "objectRef": reference, "userAgent": "a"}
    return json.dumps(event | fields)


def test_alike_requests_are_counted_together():
    pages = [audited("list", f"limit=500&continue={it}", it) for it in range(3)]
    watch = audited("watch", "allowWatchBookmarks=true&resourceVersion=4711&timeoutSeconds=290", 4)
    assert requests.summary([*pages, watch, watch]) == "3× list limit=500, watch"


def test_a_streamed_list_is_told_from_a_watch():
    streamed = audited("watch", "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=0", 1)
    assert requests.summary([streamed]) == "watch resourceVersion=0 resourceVersionMatch=NotOlderThan sendInitialEvents=true"


def test_requests_of_others_and_for_others_are_not_counted():
    lines = [
        audited("list", "limit=1", 1, userAgent="bench-load"),
        audited("list", "", 2, objectRef={"resource": "pods"}),
        audited("patch", "", 3),
        json.dumps({"verb": "get", "requestURI": "/version", "auditID": "4"}),
        '{"verb": "li',
    ]
    assert requests.summary(lines) == ""


@pytest.mark.parametrize("line, why", [("", "ended before"), ("synced\n", "synced"), ("[1]\n", r"\[1\]")])
def test_what_breaks_the_contract_is_said(line, why):
    with pytest.raises(Failure, match=why):
        running.parse(line)


def test_an_object_has_what_its_kind_defines_and_nothing_else():
    schema = yaml.safe_load((programs.SOURCES / "crd.yaml").read_text())["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    whole = {"spec": samples.created(7)["spec"], **samples.reported(7)}
    assert undefined(whole, schema) == []
    assert samples.reported(7)["status"].keys() == schema["properties"]["status"]["properties"].keys()


def undefined(value, schema: dict, path: str = "") -> list[str]:
    """Where a value has what the schema does not know."""
    if isinstance(value, list):
        return [it for item in value for it in undefined(item, schema["items"], path)]
    if not isinstance(value, dict) or "additionalProperties" in schema:
        return []
    known = schema["properties"]
    unknown = [f"{path}.{key}" for key in value if key not in known]
    return unknown + [it for key in value if key in known for it in undefined(value[key], known[key], f"{path}.{key}")]


def test_changes_differ_and_are_of_one_length():
    texts = [json.dumps(samples.changed(turn)) for turn in (0, 1, 1_790_000_000_000_000_000)]
    assert len(set(texts)) == 3 and len({len(it) for it in texts}) == 1
    assert samples.changed(0)["status"]["conditions"] == samples.reported(1)["status"]["conditions"]


def test_numbers_of_objects_are_taken_in_rising_order():
    assert options.numbers("50000,10,10") == [10, 50000]


@pytest.mark.parametrize("parse, text", [(options.numbers, "10,0"), (options.numbers, "x"), (kube.thousands, "1500")])
def test_bad_numbers_are_refused(parse, text):
    with pytest.raises(argparse.ArgumentTypeError):
        parse(text)


def test_an_unknown_program_is_answered_with_the_known_ones():
    with pytest.raises(argparse.ArgumentTypeError, match="informer.*kube-rs"):
        options.some_of(["valkey-operator", "kube-rs"], "program")("kube-rs,informer")
