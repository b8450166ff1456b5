#include "test/support/cluster_samples.hpp"
#include "test/support/reviews.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using Lines = std::vector<std::string>;

/// As a running cluster's.
constexpr std::string_view running = R"({"shards": [{"name": "cache-0"}], "version": "9.1.2"})";

}  // namespace

SCENARIO("schema: what the definitions refuse is refused") {
  for (auto const& sample : cluster_samples()) {
    INFO(sample.spec);
    auto const lines = said_of_creation(sample.spec, "schema");
    REQUIRE(lines.size() == sample.fields.size());
    for (std::size_t at = 0; at < lines.size(); ++at)
      CHECK(lines[at].starts_with("denied " + sample.fields[at] + ": Invalid value: "));
  }
  for (auto const& sample : cluster_changes()) {
    INFO(sample.before << " -> " << sample.after);
    auto const lines = said_of_change(sample.before, sample.after, "schema");
    REQUIRE(lines.size() == sample.fields.size());
    for (std::size_t at = 0; at < lines.size(); ++at)
      CHECK(lines[at].starts_with("denied " + sample.fields[at] + ": Forbidden: "));
  }
}

SCENARIO("schema: an upgrade keeps what it is for") {
  auto const before =
      upgrade_object(R"({"clusterRef": {"name": "cache"}, "image": {"tag": "9.1.3"}})");
  auto const after =
      upgrade_object(R"({"clusterRef": {"name": "cache"}, "image": {"tag": "9.1.4"}})");
  CHECK(said(upgrade_review(nullptr, before)).empty());
  CHECK(said(upgrade_review(before, after)).size() == 1);
  CHECK(said(upgrade_review(nullptr, upgrade_object("{}"))).size() == 2);
  CHECK(said(upgrade_review(before, nullptr)).empty());
}

SCENARIO("memory: data gets at most 90 % of the limit") {
  auto const say = [](std::string_view amount, std::string_view limit) {
    return said_of_creation(R"({"config": {"maxmemory": ")" + std::string{amount} +
                                R"("}, "resources": {"limits": {"memory": ")" + std::string{limit} +
                                R"("}}})",
                            "memory");
  };
  CHECK(say("900mb", "1000Mi").empty());
  CHECK(say("901mb", "1000Mi").size() == 1);
  CHECK(say("0", "1Gi").size() == 1);
  CHECK(say("1Gi", "2Gi") == Lines{"denied spec.config[maxmemory]: Invalid value: \"1Gi\": must be "
                                   "an amount such as 512mb or 2gb"});
  CHECK(said_of_creation(R"({"config": {"maxmemory": "8gb"}})", "memory").empty());
}

SCENARIO("resources: requests are not more than limits") {
  CHECK(said_of_creation(
            R"({"resources": {"requests": {"memory": "2Gi"}, "limits": {"memory": "1Gi"}}})",
            "resources") ==
        Lines{"denied spec.resources.requests[memory]: Invalid value: \"2Gi\": must not be more "
              "than the limit of 1Gi: Kubernetes refuses such pods"});
  CHECK(said_of_creation(R"({"resources": {"requests": {"cpu": "500m"}, "limits": {"cpu": 0.5}}})",
                         "resources")
            .size() <= 1);
  CHECK(said_of_creation(
            R"({"metrics": {"enabled": true, "resources":
                {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}}})",
            "resources")
            .size() == 1);
}

SCENARIO("directives: what is probably a typing error is refused with what was meant") {
  CHECK(said_of_creation(R"({"config": {"maxmemory-polcy": "allkeys-lru"}})", "directives") ==
        Lines{"denied spec.config[maxmemory-polcy]: Invalid value: \"maxmemory-polcy\": no such "
              "directive: did you mean maxmemory-policy?"});
  for (auto const* const spec :
       {R"({"config": {"maxmemory-policy": "allkeys-lru", "io-threads": "2"}})",
        R"({"config": {"search.worker-threads": "2"}})",
        R"({"config": {"something-entirely-new": "2"}})",
        R"({"config": {"maxmemory-polcy": "x"}, "image": {"tag": "10.0.1"}})"})
    CHECK(said_of_creation(spec, "directives").empty());
}

SCENARIO("users: rules that no server can read are refused") {
  auto const say = [](std::string_view list, std::string_view word) {
    return said_of_creation(R"({"users": [{"name": "a", ")" + std::string{list} + R"(": [")" +
                                std::string{word} + R"("]}]})",
                            "users");
  };
  for (auto const* const good :
       {"+get", "-@dangerous", "+config|get", "+@my-module", "allcommands"})
    CHECK(say("commands", good).empty());
  CHECK(say("commands", "get") ==
        Lines{"denied spec.users[0].commands[0]: Invalid value: \"get\": begins with neither + nor "
              "-: write +get to allow it"});
  CHECK(say("commands", "+@dangrous") ==
        Lines{"denied spec.users[0].commands[0]: Invalid value: \"+@dangrous\": is no category of "
              "commands: did you mean +@dangerous?"});
  for (auto const* const good : {"on", "~app:*", "%R~x", "&news", ">pass", "(~x)", "resetkeys"})
    CHECK(say("raw", good).empty());
  CHECK(say("raw", "alkeys").size() == 1);
  WHEN("the word holds a password, it is not shown") {
    CHECK(say("raw", "#secret") ==
          Lines{"denied spec.users[0].raw[0]: Invalid value: is no SHA-256 in 64 hexadecimal "
                "digits of lower case"});
  }
}

SCENARIO("image-downgrade: an older version is taken only on request") {
  auto const say = [](std::string_view before, std::string_view status, std::string_view after) {
    return said(cluster_review(cluster_object(before, status), cluster_object(after)),
                "image-downgrade");
  };
  constexpr std::string_view old = R"({"image": {"tag": "9.1.2"}})";
  CHECK(say(old, "{}", R"({"image": {"tag": "9.1.1"}})") ==
        Lines{"denied spec.image.tag: Invalid value: \"9.1.1\": must not be older than 9.1.2, "
              "whose data it may be unable to read: set spec.image.allowDowngrade to true if you "
              "have made sure of that"});
  CHECK(say(old, "{}", R"({"image": {"tag": "9.1.1", "allowDowngrade": true}})").empty());
  CHECK(say(old, "{}", R"({"image": {"tag": "9.2.0-rc1"}})").empty());
  CHECK(say(old, "{}", R"({"image": {"tag": "9.1.2-rc1"}})").size() == 1);
  CHECK(say(old, "{}", R"({"image": {"tag": "latest"}})").empty());
  CHECK(say(old, "{}", R"({"image": {"tag": "8", "repository": "other"}})").empty());
  WHEN("the newer version never ran, taking it back is no downgrade") {
    CHECK(say(R"({"image": {"tag": "9.1.3"}})", running, old).empty());
    CHECK(say(R"({"image": {"tag": "9.1.3"}})", R"({"version": "9.1.2, 9.1.3"})", old).empty());
    CHECK(say(R"({"image": {"tag": "9.1.3"}})", R"({"version": "9.1.3"})", old).size() == 1);
  }
}

SCENARIO("upgrade-freeze: while an upgrade runs, nothing changes that touches pods") {
  auto const say = [](std::string_view after) {
    auto const before = cluster_object("{}", R"({"operation": {"kind": "Upgrading"}})");
    return said(cluster_review(before, cluster_object(after)), "upgrade-freeze");
  };
  CHECK(say(R"({"shards": 4})") ==
        Lines{"denied spec.shards: Forbidden: must not change while an upgrade runs: wait until it "
              "has ended, or delete its ValkeyUpgrade"});
  CHECK(say(R"({"shards": 4, "tls": {"enabled": true, "secretName": "x"},
                "config": {"hz": "10"}})")
            .size() == 3);
  CHECK(say(R"({"paused": true, "services": {"read": {"enabled": true}}})").empty());
  CHECK(said_of_change("{}", R"({"shards": 4})", "upgrade-freeze").empty());
}

SCENARIO("scale-in: whoever takes shards away is told what becomes of their data") {
  CHECK(said_of_change(R"({"shards": 5})", R"({"shards": 3})", "scale-in") ==
        Lines{"warned spec.shards: 5 to 3: the data of 2 shards moves to those that stay, which "
              "have to have room for it"});
  CHECK(said_of_change(R"({"shards": 3})", R"({"shards": 5})", "scale-in").empty());
  CHECK(said(scale_review(4, 3), "scale-in").size() == 1);
  CHECK(said(scale_review(3, 4), "scale-in").empty());
}

SCENARIO("data-protection: a cluster whose data would go with it is deleted on purpose only") {
  auto const deleting = [](std::string_view spec, std::string_view status,
                           json::object const& annotations = {}) {
    auto object = cluster_object(spec, status);
    object["metadata"].as_object()["annotations"] = annotations;
    return cluster_review(object, nullptr);
  };
  constexpr std::string_view losing = R"({"persistence": {"retain": "Delete"}})";
  CHECK(said(deleting(losing, running)) ==
        Lines{"denied spec.persistence.retain: Forbidden: Delete would delete all data with the "
              "cluster: set it to Retain to keep the volumes, or annotate the cluster with "
              "valkey-operator.dev/confirm-deletion=cache"});
  CHECK(said(deleting(losing, "{}")).empty());
  CHECK(said(deleting("{}", running)).empty());
  CHECK(
      said(deleting(losing, running, {{"valkey-operator.dev/confirm-deletion", "cache"}})).empty());
  CHECK(said(deleting(losing, running, {{"valkey-operator.dev/confirm-deletion", "yes"}})).size() ==
        1);
  auto const status = webhook::judge(request_of(deleting(losing, running)), {}).verdict.status;
  CHECK(status.code == 403);
  CHECK(status.reason == "Forbidden");
  CHECK(
      status.message.starts_with("ValkeyCluster.valkey-operator.dev \"cache\" must not be deleted: "
                                 "spec.persistence.retain: "));
  WHEN("its namespace goes, or it goes already, nobody is in the way") {
    auto review = deleting(losing, running);
    review["request"].as_object()["userInfo"] =
        json::object{{"username", "system:serviceaccount:kube-system:namespace-controller"}};
    CHECK(said(review).empty());
    auto going = deleting(losing, running);
    going["request"]
        .as_object()["oldObject"]
        .as_object()["metadata"]
        .as_object()["deletionTimestamp"] = "2026-01-01T00:00:00Z";
    CHECK(said(going).empty());
  }
}

SCENARIO("risks: what is legal but may go wrong is allowed with a warning") {
  constexpr std::string_view limited = R"("resources": {"limits": {"memory": "1Gi"}})";
  auto const say = [&](std::string_view rest) {
    return said_of_creation("{" + std::string{limited} + std::string{rest} + "}", "risks");
  };
  CHECK(say("").empty());
  CHECK(say(R"(, "shards": 2)") ==
        Lines{"warned spec.shards: 2: with fewer than 3 shards there is no majority that could "
              "fail over without the operator"});
  CHECK(say(R"(, "replicasPerShard": 0)") ==
        Lines{"warned spec.replicasPerShard: 0: while a pod is away, nobody serves its slots"});
  CHECK(say(R"(, "replicasPerShard": 0, "persistence": {"enabled": false})") ==
        Lines{"warned spec.persistence.enabled: false, and there are no replicas: the data of a "
              "pod that ends is lost"});
  CHECK(say(R"(, "image": {"tag": "latest"})") ==
        Lines{"warned spec.image.tag: latest: pods of one cluster may run different versions, and "
              "no downgrade is noticed: name a version"});
  CHECK(say(R"(, "users": [{"name": "a", "raw": [">secret"]}])") ==
        Lines{"warned spec.users[0].raw: a password in clear, which all can read who may read the "
              "cluster: put it into a Secret and name that in passwordSecrets"});
  CHECK(said_of_creation("{}", "risks") ==
        Lines{"warned spec.resources.limits: no memory limit and no maxmemory: data may grow until "
              "the node has no memory left"});
  CHECK(said(scale_review(3, 2), "risks").size() == 1);
  CHECK(said(scale_review(2, 2), "risks").empty());
}
