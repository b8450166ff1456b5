#include "common/kube/kubeconfig.hpp"

#include "test/property/generators.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <set>

namespace {

/// Contexts of these names, each with a namespace that says which file it is from, as a file.
kube::Kubeconfig file_of(std::set<std::string> const& names, std::string const& file) {
  json::array contexts;
  for (auto const& name : names)
    contexts.push_back({{"name", name}, {"context", {{"namespace", file}}}});
  auto const text = json::serialize(json::value{{"contexts", std::move(contexts)}});
  return kube::parse_kubeconfig(text, file).value();
}

rc::Gen<std::set<std::string>> names() {
  return rc::gen::container<std::set<std::string>>(
      rc::gen::container<std::string>(rc::gen::inRange('a', 'd')));
}

void keeps_what_came_first(std::vector<std::set<std::string>> const& files) {
  kube::Kubeconfig merged;
  std::map<std::string, std::string> wanted;
  for (auto const& names_in_file : files) {
    auto const file = std::to_string(wanted.size());
    kube::merge(merged, file_of(names_in_file, file));
    for (auto const& name : names_in_file) wanted.try_emplace(name, file);
  }
  RC_ASSERT(merged.contexts.size() == wanted.size());
  for (auto const& [name, file] : wanted) {
    auto const& [entry, origin] = merged.contexts.at(name);
    RC_ASSERT(entry.namespace_ == file);
    RC_ASSERT(origin == file);
  }
}

}  // namespace

TEST_CASE("merging loses no entry, invents none, and lets the first file decide") {
  CHECK(rc::check([] {
    keeps_what_came_first(*rc::gen::container<std::vector<std::set<std::string>>>(names()));
  }));
}
