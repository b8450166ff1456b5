#include "common/crd/objections.hpp"

#include "common/crd/acl_words.hpp"
#include "common/crd/directives.hpp"
#include "common/crd/image_version.hpp"
#include "common/crd/known_directives.hpp"
#include "common/crd/memory.hpp"
#include "common/kube/quantity.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>

namespace crd {
namespace {

std::string at(std::string_view list, std::size_t index) {
  return std::string{list} + "[" + std::to_string(index) + "]";
}

void compare(Resources const& resources, std::string_view root, schema::Violations& found) {
  for (auto const& [name, request] : resources.requests) {
    auto const limit = resources.limits.find(name);
    if (limit == resources.limits.end()) continue;
    auto const wanted = kube::thousandths(request.text);
    auto const most = kube::thousandths(limit->second.text);
    if (wanted && most && *wanted > *most)
      found.push_back({std::string{root} + ".requests[" + name + "]",
                       "\"" + request.text + "\": must not be more than the limit of " +
                           limit->second.text + ": Kubernetes refuses such pods"});
  }
}

/// The newest whose directives we know all of.
constexpr ImageVersion newest_known{.major = 9, .minor = 1, .patch = 999'999};

/// The least of what servers say they are: "9.1.2, 9.1.3" while they are being restarted.
std::optional<ImageVersion> running_version(ValkeyClusterStatus const& status) {
  std::optional<ImageVersion> least;
  for (auto const part : std::views::split(status.version, std::string_view{", "})) {
    auto const version = image_version({part.begin(), part.end()});
    if (!version) return std::nullopt;
    if (!least || *version < *least) least = version;
  }
  return least;
}

}  // namespace

schema::Violations memory_objections(ValkeyCluster const& cluster) {
  auto const& spec = cluster.spec;
  auto const chosen = spec.config.find("maxmemory");
  if (chosen == spec.config.end()) return {};
  auto const& text = chosen->second.text;
  auto const field = std::string{"spec.config[maxmemory]"};
  auto const amount = memory_amount(text);
  if (!amount) return {{field, "\"" + text + "\": must be an amount such as 512mb or 2gb"}};
  auto const limit = memory_limit(spec);
  if (!limit) return {};
  auto const& written = spec.resources.limits.find("memory")->second.text;
  auto const advice = "leave maxmemory out, and it will be " + std::to_string(percent_for_data) +
                      " % of the limit, or raise spec.resources.limits.memory";
  if (*amount == 0)
    return {{field, "\"" + text + "\": means no bound, and the memory limit of " + written +
                        " would end the server: " + advice}};
  if (*amount <= *limit / 100 * most_percent_for_data) return {};
  return {{field, "\"" + text + "\": must be at most " + std::to_string(most_percent_for_data) +
                      " % of the memory limit of " + written + ": " + advice}};
}

schema::Violations resource_objections(ValkeyCluster const& cluster) {
  schema::Violations found;
  compare(cluster.spec.resources, "spec.resources", found);
  if (cluster.spec.metrics.enabled)
    compare(cluster.spec.metrics.resources, "spec.metrics.resources", found);
  return found;
}

schema::Violations directive_objections(ValkeyCluster const& cluster) {
  auto const version = image_version(cluster.spec.image.tag);
  if (version && *version > newest_known) return {};
  schema::Violations found;
  for (auto const& name : std::views::keys(cluster.spec.config)) {
    bool const is_of_module = name.contains('.');
    if (is_of_module || is_known_directive(name) || owned(name)) continue;
    auto const similar = similar_directive(name);
    if (similar.empty()) continue;
    found.push_back(
        {"spec.config[" + name + "]",
         "\"" + name + "\": no such directive: did you mean " + std::string{similar} + "?"});
  }
  return found;
}

schema::Violations user_objections(ValkeyCluster const& cluster) {
  schema::Violations found;
  for (std::size_t index = 0; auto const& user : cluster.spec.users) {
    auto const root = at("spec.users", index++);
    auto const check = [&](std::string_view list, std::vector<std::string> const& words,
                           std::optional<std::string> (*complaint)(std::string_view)) {
      for (std::size_t place = 0; auto const& word : words) {
        auto const field = at(root + "." + std::string{list}, place++);
        if (auto const why = complaint(word))
          found.push_back({field, (is_password(word) ? "" : "\"" + word + "\": ") + *why});
      }
    };
    check("commands", user.commands, complaint_of_command);
    check("raw", user.raw, complaint_of_rule);
  }
  return found;
}

schema::Violations objections(ValkeyCluster const& cluster) {
  schema::Violations all;
  for (auto* const of :
       {memory_objections, resource_objections, directive_objections, user_objections})
    std::ranges::move(of(cluster), std::back_inserter(all));
  return all;
}

schema::Violations downgrade_objections(ValkeyCluster const& before, ValkeyCluster const& after) {
  auto const& old = before.spec.image;
  auto const& wanted = after.spec.image;
  if (wanted.allow_downgrade || wanted.repository != old.repository || wanted.tag == old.tag)
    return {};
  auto const running = running_version(before.status);
  auto const from = running ? running : image_version(old.tag);
  auto const to = image_version(wanted.tag);
  if (!from || !to || *to >= *from) return {};
  return {{"spec.image.tag",
           "\"" + wanted.tag + "\": must not be older than " + from->text() +
               ", whose data it may be unable to read: set spec.image.allowDowngrade to true if "
               "you have made sure of that"}};
}

}  // namespace crd
