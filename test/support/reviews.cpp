#include "test/support/reviews.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace {

json::object object(std::string_view spec) {
  return {{"apiVersion", "valkey-operator.dev/v1alpha1"},
          {"kind", "ValkeyCluster"},
          {"metadata", {{"name", "cache"}, {"namespace", "demo"}}},
          {"spec", json::parse(spec)}};
}

json::object review(std::string_view resource, std::string_view subresource,
                    json::value const& before, json::value const& after) {
  auto const* operation = before.is_null() ? "CREATE" : "UPDATE";
  if (after.is_null()) operation = "DELETE";
  json::object request{
      {"uid", "705ab4f5-6393-11e8-b7cc-42010a800002"},
      {"kind", {{"group", "valkey-operator.dev"}, {"version", "v1alpha1"}, {"kind", "Any"}}},
      {"resource",
       {{"group", "valkey-operator.dev"}, {"version", "v1alpha1"}, {"resource", resource}}},
      {"name", "cache"},
      {"namespace", "demo"},
      {"operation", operation},
      {"userInfo", {{"username", "somebody"}}},
      {"object", after},
      {"oldObject", before}};
  if (!subresource.empty()) request["subResource"] = subresource;
  return {{"apiVersion", "admission.k8s.io/v1"},
          {"kind", "AdmissionReview"},
          {"request", std::move(request)}};
}

json::object scale(std::int64_t replicas) {
  return {{"apiVersion", "autoscaling/v1"},
          {"kind", "Scale"},
          {"metadata", {{"name", "cache"}, {"namespace", "demo"}}},
          {"spec", {{"replicas", replicas}}}};
}

}  // namespace

json::object cluster_object(std::string_view spec, std::string_view status) {
  auto made = object(spec);
  made["status"] = json::parse(status);
  return made;
}

json::object upgrade_object(std::string_view spec) {
  auto made = object(spec);
  made["kind"] = "ValkeyUpgrade";
  return made;
}

json::object cluster_review(json::value const& before, json::value const& after) {
  return review("valkeyclusters", "", before, after);
}

json::object upgrade_review(json::value const& before, json::value const& after) {
  return review("valkeyupgrades", "", before, after);
}

json::object scale_review(std::int64_t before, std::int64_t after) {
  return review("valkeyclusters", "scale", scale(before), scale(after));
}

webhook::Request request_of(json::object const& review) {
  return webhook::read_review(json::serialize(review)).value();
}

std::vector<std::string> said(json::object const& review, std::string_view policy) {
  std::vector<std::string> lines;
  webhook::Rules rules;
  if (!policy.empty()) {
    std::string others = "modes: {";
    for (auto const& one : webhook::all_policies())
      if (one.name != policy) others += std::string{one.name} + ": off, ";
    rules.modes = webhook::Modes::parse(others + "}").value();
  }
  auto const verdict = webhook::judge(request_of(review), rules).verdict;
  lines.reserve(verdict.status.details.causes.size() + verdict.warnings.size());
  for (auto const& cause : verdict.status.details.causes)
    lines.push_back("denied " + cause.field + ": " + cause.message);
  for (auto const& warning : verdict.warnings) lines.push_back("warned " + warning);
  return lines;
}

std::vector<std::string> said_of_creation(std::string_view spec, std::string_view policy) {
  return said(cluster_review(nullptr, cluster_object(spec)), policy);
}

std::vector<std::string> said_of_change(std::string_view before, std::string_view after,
                                        std::string_view policy) {
  return said(cluster_review(cluster_object(before), cluster_object(after)), policy);
}
