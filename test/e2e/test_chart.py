"""The chart installs both programs, and they run."""

import json

from project import load, must, run_script
from tools import paths


def test_both_programs_start_from_the_chart(local_cluster, kubectl, namespace):
    tag = load(local_cluster, "valkey-operator").reference.rpartition(":")[2]
    load(local_cluster, "valkey-webhook")
    helm = ["exec", "helm", "install", "valkey", str(paths.ROOT / "charts/valkey-operator")]
    options = [f"--namespace={namespace}", f"--set=image.tag={tag}", "--wait", "--timeout=60s"]
    must(run_script("local-cluster", "--name", local_cluster, *helm, *options))
    for program, replicas in (("operator", 1), ("webhook", 2)):
        said = kubectl("logs", f"--namespace={namespace}", f"--selector=app.kubernetes.io/name={program}")
        events = [json.loads(line)["event"] for line in said.splitlines()]
        assert events == ["started"] * replicas
