#include "webhook/modes.hpp"

#include "webhook/policies/policies.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

namespace {

using webhook::Mode;
using webhook::Modes;

std::string refusal(std::string_view yaml) { return Modes::parse(yaml).error().message; }

}  // namespace

SCENARIO("every policy has a name of its own, and something to say") {
  std::set<std::string_view> names;
  for (auto const& policy : webhook::all_policies()) {
    CHECK(names.insert(policy.name).second);
    CHECK((policy.of_cluster || policy.of_cluster_change || policy.of_cluster_deletion ||
           policy.of_upgrade || policy.of_upgrade_change || policy.of_scale_change));
  }
}

SCENARIO("without a file each policy is as it usually is") {
  for (auto const* const text : {"", "{}", "modes: {}", "# nothing"}) {
    auto const modes = Modes::parse(text).value();
    for (auto const& policy : webhook::all_policies())
      CHECK(modes.of(policy, "demo") == policy.usual);
  }
}

SCENARIO("the first entry that fits a namespace and names a policy decides") {
  auto const modes = Modes::parse(R"(
modes: {risks: off, memory: warn}
namespaces:
  - names: [dev-*, sandbox]
    modes: {data-protection: audit}
  - names: ["*"]
    modes: {data-protection: deny, memory: off}
)")
                         .value();
  using namespace webhook::policies;
  CHECK(modes.of(risks, "demo") == Mode::Off);
  CHECK(modes.of(data_protection, "dev-1") == Mode::Audit);
  CHECK(modes.of(data_protection, "sandbox") == Mode::Audit);
  CHECK(modes.of(data_protection, "prod") == Mode::Deny);
  CHECK(modes.of(memory, "dev-1") == Mode::Off);
  CHECK(modes.of(users, "dev-1") == Mode::Deny);
}

SCENARIO("what a modes file says wrongly is refused by its name") {
  CHECK(refusal("modes: {memry: off}").starts_with("modes: there is no policy \"memry\", only "));
  CHECK(refusal("modes: {memory: never}") ==
        "modes[memory]: expected one of deny, warn, audit, off, found a string");
  CHECK(refusal("mode: {}") == "document: there is no \"mode\"");
  CHECK(refusal("namespaces: [{name: a}]") == "namespaces[0]: there is no \"name\"");
  CHECK(refusal("namespaces: [{modes: {}}]") == "namespaces[0].names: is missing");
  CHECK(refusal("namespaces: [{names: [a], modes: {x: off}}]")
            .starts_with("namespaces[0].modes: there is no policy \"x\""));
  CHECK(refusal("[]") == "document: expected an object, found a list");
  CHECK_FALSE(refusal("modes: {").empty());
  CHECK_FALSE(refusal("namespaces: [{names: ['*****']}]").empty());
}

SCENARIO("a star stands for any letters, none among them") {
  CHECK(webhook::fits("dev-1", "dev-*"));
  CHECK(webhook::fits("dev-", "dev-*"));
  CHECK(webhook::fits("my-dev-1", "*dev*"));
  CHECK(webhook::fits("", "*"));
  CHECK(webhook::fits("aXbXc", "a*b*c"));
  CHECK_FALSE(webhook::fits("dev", "dev-*"));
  CHECK_FALSE(webhook::fits("a", ""));
  CHECK_FALSE(webhook::fits("abd", "a*b*c"));
}
