#include "common/kube/object.hpp"

#include "common/json/mapping.hpp"
#include "common/kube/kinds.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>
#include <unordered_set>

using kube::ObjectRef;
namespace kinds = kube::kinds;
using namespace std::string_literals;

SCENARIO("a version of an API is written with its group, but for the core group") {
  CHECK(kube::api_version(kinds::pod) == "v1");
  CHECK(kube::api_version(kinds::stateful_set) == "apps/v1");
}

SCENARIO("paths lead to all objects, to those of a namespace, and to one") {
  CHECK(kube::path(kinds::pod) == "/api/v1/pods");
  CHECK(kube::path(kinds::pod, "demo") == "/api/v1/namespaces/demo/pods");
  CHECK(kube::path(kinds::lease, "demo") == "/apis/coordination.k8s.io/v1/namespaces/demo/leases");
  CHECK(kube::path(kinds::node, "demo") == "/api/v1/nodes");
  CHECK(kube::path(kinds::stateful_set, ObjectRef{"demo", "cache-0"}, "scale") ==
        "/apis/apps/v1/namespaces/demo/statefulsets/cache-0/scale");
  CHECK(kube::path(kinds::node, ObjectRef{"demo", "a"}) == "/api/v1/nodes/a");
  CHECK(kube::path(kinds::custom_resource_definition, ObjectRef{"", "a.example.org"}) ==
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/a.example.org");
}

SCENARIO("no name changes what a path leads to") {
  auto const pod = [](std::string name) {
    return kube::path(kinds::pod, ObjectRef{"demo", std::move(name)});
  };
  CHECK(pod("a/b?c#d%e f") == "/api/v1/namespaces/demo/pods/a%2Fb%3Fc%23d%25e%20f");
  CHECK(pod("..") == "/api/v1/namespaces/demo/pods/%2E%2E");
  CHECK(pod(".") == "/api/v1/namespaces/demo/pods/%2E");
  CHECK(pod("\r\n\0\xff"s) == "/api/v1/namespaces/demo/pods/%0D%0A%00%FF");
  CHECK(pod("") == "/api/v1/namespaces/demo/pods/%00");
  CHECK(kube::path(kinds::pod, ObjectRef{"", "a"}) == "/api/v1/namespaces/%00/pods/a");
  CHECK(kube::path(kinds::pod, "../x") == "/api/v1/namespaces/..%2Fx/pods");
}

SCENARIO("a query keeps its order and escapes what it holds") {
  kube::Query query;
  CHECK(query.text().empty());
  query.add("labelSelector", "app=cache,role in (a,b)");
  query.add("watch", "1");
  CHECK(query.text() == "?labelSelector=app%3Dcache%2Crole%20in%20%28a%2Cb%29&watch=1");
}

SCENARIO("references to objects are told apart by namespace and name") {
  CHECK(ObjectRef{"demo", "cache"}.text() == "demo/cache");
  CHECK(ObjectRef{"", "cache"}.text() == "cache");
  CHECK(ObjectRef{"a", "z"} < ObjectRef{"b", "a"});
  std::unordered_set<ObjectRef> const set{{"a", "b"}, {"b", "a"}, {"a", "b"}};
  CHECK(set.size() == 2);
}

SCENARIO("metadata is read as an API server writes it") {
  auto const metadata = mapping::decode<kube::Metadata>(json::parse(R"({
      "name": "cache-0", "namespace": "demo", "uid": "u", "resourceVersion": "7", "generation": 2,
      "labels": {"a": "b"}, "annotations": null, "finalizers": ["f"], "managedFields": [{}],
      "creationTimestamp": "2026-01-02T03:04:05Z", "deletionTimestamp": null,
      "ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "1"},
                          {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "cache",
                           "uid": "2", "controller": true, "blockOwnerDeletion": true}]})"));
  REQUIRE(metadata);
  CHECK(kube::ref_of(*metadata) == ObjectRef{"demo", "cache-0"});
  CHECK(metadata->resource_version == "7");
  CHECK(metadata->generation == 2);
  CHECK(metadata->finalizers == std::vector{"f"s});
  CHECK(metadata->creation_timestamp == "2026-01-02T03:04:05Z");
  CHECK(!metadata->deletion_timestamp);
  REQUIRE(kube::controller_of(*metadata));
  CHECK(kube::controller_of(*metadata)->uid == "2");
  CHECK(!kube::controller_of(kube::Metadata{}));
}
