"""How the results of tests are counted."""

import pytest
from tools import suite

REPORT = """<testsuites><testsuite>
<testcase name="passes"/>
<testcase name="fails"><failure>why</failure></testcase>
<testcase name="breaks"><error>why</error></testcase>
<testcase name="is skipped"><skipped/></testcase>
</testsuite></testsuites>"""


def test_a_report_is_counted_case_by_case(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert suite.read_junit(report) == suite.Tally(passed=1, failed=2, skipped=1)


@pytest.mark.parametrize("command, tally", [("true", suite.Tally(passed=1)), ("false", suite.Tally(failed=1))])
def test_a_check_passes_or_fails_as_a_whole(command, tally):
    run = suite.Run([])
    assert run.check("a check", command) == (tally.failed == 0)
    assert run.tally == tally


def test_commands_that_run_at_once_are_told_one_by_one(capfd):
    run = suite.Run([])
    run.check_all({"first": ["sh", "-c", "sleep 0.2; echo one"], "second": ["sh", "-c", "echo two; exit 1"]})
    assert run.tally == suite.Tally(passed=1, failed=1)
    assert capfd.readouterr().out == "--- first\none\n\n--- second FAILED\ntwo\n\n"


def test_a_program_that_crashes_without_a_report_is_a_failure(tmp_path):
    run = suite.Run([])
    run._counted("crashes", ["false"], tmp_path / "never-written.xml")
    assert run.tally == suite.Tally(failed=1)


def test_what_others_need_counts_only_when_it_fails():
    run = suite.Run([])
    assert run.need("something", "true") and run.tally == suite.Tally()
    assert not run.need("something", "false") and run.tally == suite.Tally(failed=1)


def test_a_control_plane_is_taken_down_even_where_it_did_not_come_up(monkeypatch):
    run, asked = suite.Run([]), []

    def need(_, *command):
        asked.append(command[3])
        return command[3] == "down"

    monkeypatch.setattr(run, "need", need)
    run.catch_on_control_plane("dev", "never-run")
    assert asked == ["down", "up", "down"]


def test_nightly_runs_only_when_named_and_then_after_all_others():
    assert "nightly" not in suite.wanted([])
    assert suite.wanted(["nightly"])[-1] == "nightly"
    assert set(suite.wanted(["nightly"])) == {*suite.wanted([]), "nightly"}


def test_named_tiers_run_in_order():
    assert suite.wanted(["golden", "unit"]) == ["unit", "golden"]
