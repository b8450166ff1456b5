#include "operator/cluster/pods.hpp"

#include "common/json/mapping.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

cluster::Pod pod(std::string_view status) {
  return mapping::decode<cluster::Pod>(json::object{{"status", json::parse(status)}}).value();
}

std::string trouble(std::string_view status) { return cluster::trouble(pod(status)); }

}  // namespace

SCENARIO("a pod that is ready has no trouble") {
  auto const ready = pod(R"({"phase": "Running", "podIP": "10.0.0.7",
                             "conditions": [{"type": "Ready", "status": "True"}]})");
  CHECK(cluster::is_ready(ready));
  CHECK(ready.status.pod_IP == "10.0.0.7");
  CHECK(cluster::trouble(ready).empty());
}

SCENARIO("what holds a pod back is told in Kubernetes' own words") {
  CHECK(trouble("{}") == "is not started");
  CHECK(trouble(R"({"phase": "Pending"})") == "is Pending");
  CHECK(trouble(R"({"phase": "Pending", "conditions": [
          {"type": "PodScheduled", "status": "False", "reason": "Unschedulable",
           "message": "0/1 nodes are available: 1 Insufficient memory."}]})") ==
        "can't be scheduled: 0/1 nodes are available: 1 Insufficient memory.");
  CHECK(trouble(R"({"containerStatuses": [{"name": "valkey", "state": {"waiting": {
          "reason": "ImagePullBackOff", "message": "no such image"}}}]})") ==
        "container valkey: ImagePullBackOff: no such image");
  CHECK(trouble(R"({"containerStatuses": [{"name": "valkey", "state": {"waiting": {
          "reason": "ContainerCreating"}}}]})") == "container valkey: ContainerCreating");
  CHECK(trouble(R"({"conditions": [{"type": "Ready", "status": "False",
          "message": "containers with unready status: [valkey]"}]})") ==
        "is not ready: containers with unready status: [valkey]");
}

SCENARIO("[H35] a container that ends again and again is quoted") {
  CHECK(trouble(R"({"containerStatuses": [{"name": "valkey", "restartCount": 4,
          "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s"}},
          "lastState": {"terminated": {"exitCode": 1, "message": "Bad directive"}}}]})") ==
        "container valkey: CrashLoopBackOff: back-off 40s; it ended with 1: Bad directive");
  CHECK(trouble(R"({"containerStatuses": [{"name": "valkey",
          "state": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}}]})") ==
        "container valkey ended with 137: OOMKilled");
}

SCENARIO("a long text is cut") {
  auto const text = trouble(R"({"conditions": [{"type": "Ready", "status": "False", "message": ")" +
                            std::string(1000, 'x') + R"("}]})");
  CHECK(text.size() < 300);
  CHECK(text.ends_with("…"));
}

SCENARIO("a pod is stuck that finds no node, or whose container can't start") {
  auto const is_stuck = [](std::string_view status) { return cluster::is_stuck(pod(status)); };
  CHECK_FALSE(is_stuck("{}"));
  CHECK_FALSE(is_stuck(R"({"conditions": [{"type": "PodScheduled", "status": "True"}],
      "containerStatuses": [{"name": "a", "state": {}},
                            {"name": "b", "state": {"waiting": {"reason": "ContainerCreating"}}},
                            {"name": "c", "state": {"waiting": {"reason": "PodInitializing"}}}]})"));
  CHECK(is_stuck(R"({"conditions": [{"type": "PodScheduled", "status": "False"}]})"));
  CHECK(is_stuck(
      R"({"containerStatuses": [{"name": "a", "state": {"waiting": {"reason": "ErrImagePull"}}}]})"));
}
