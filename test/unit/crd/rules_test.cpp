#include "common/crd/rules.hpp"

#include "test/support/cluster_samples.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

crd::ValkeyCluster cluster(json::value const& spec, std::string name = "cache") {
  crd::ValkeyCluster made;
  made.metadata.name = std::move(name);
  made.spec = mapping::decode<crd::ValkeyClusterSpec>(spec, "spec").value();
  return made;
}

std::vector<std::string> fields(schema::Violations const& violations) {
  std::vector<std::string> named;
  for (auto const& violation : violations) named.push_back(violation.field);
  return named;
}

}  // namespace

SCENARIO("a cluster that says nothing is valid") {
  CHECK(crd::violations(cluster(json::object{})).empty());
}

SCENARIO("each bad spec is refused at its field") {
  for (auto const& sample : cluster_samples()) {
    INFO(sample.spec);
    CHECK(fields(crd::violations(cluster(json::parse(sample.spec)))) == sample.fields);
  }
}

SCENARIO("each bad change is refused at its field") {
  for (auto const& sample : cluster_changes()) {
    INFO(sample.before << " -> " << sample.after);
    CHECK(fields(crd::violations(cluster(json::parse(sample.before)),
                                 cluster(json::parse(sample.after)))) == sample.fields);
  }
}

SCENARIO("[H52] a cluster's name is short enough for what is named after it") {
  CHECK(fields(crd::violations(cluster(json::object{}, std::string(45, 'a')))).empty());
  CHECK(fields(crd::violations(cluster(json::object{}, std::string(46, 'a')))) ==
        std::vector<std::string>{"metadata.name"});
  CHECK(crd::violations(cluster(json::object{}, "1st")) ==
        schema::Violations{{"metadata.name",
                            "\"1st\" is not a cluster's name: a letter, then at most 44 of a-z, "
                            "0-9 and, within, -"}});
}

SCENARIO("a directive that is ours is refused with what to do") {
  CHECK(
      crd::violations(cluster(json::parse(R"({"config": {"port": "1", "appendonly": "yes"}})"))) ==
      schema::Violations{
          {"spec.config",
           "appendonly is set by the operator: set spec.persistence.aof.enabled; port is set by "
           "the operator: clients connect to port 6379"}});
}

SCENARIO("an upgrade keeps its cluster and image") {
  crd::ValkeyUpgrade before;
  before.metadata.name = "up";
  CHECK(fields(crd::violations(before)) ==
        std::vector<std::string>{"spec.clusterRef.name", "spec.image.tag"});
  before.spec.cluster_ref.name = "cache";
  before.spec.image.tag = "9.1.3";
  CHECK(crd::violations(before).empty());
  auto after = before;
  after.spec.canary = false;
  CHECK(crd::violations(before, after).empty());
  after.spec.image.tag = "9.1.4";
  CHECK(fields(crd::violations(before, after)) == std::vector<std::string>{"spec"});
}
