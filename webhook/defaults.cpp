#include "webhook/defaults.hpp"

#include "common/crd/memory.hpp"

namespace webhook {
namespace {

constexpr std::string_view directive = "maxmemory";

json::value const* member(json::value const& object, std::string_view key) {
  auto const* const members = object.if_object();
  auto const* const found = members ? members->if_contains(key) : nullptr;
  return found && !found->is_null() ? found : nullptr;
}

std::optional<crd::ValkeyClusterSpec> spec_of(json::value const& object) {
  auto const* const spec = member(object, "spec");
  auto decoded = spec ? mapping::decode<crd::ValkeyClusterSpec>(*spec) : invalid("no spec");
  return decoded ? std::optional{*std::move(decoded)} : std::nullopt;
}

std::optional<std::string> derived(crd::ValkeyClusterSpec const& spec) {
  auto const bytes = crd::derived_max_memory(spec);
  return bytes && *bytes > 0 ? std::optional{std::to_string(*bytes)} : std::nullopt;
}

std::optional<std::string> chosen(crd::ValkeyClusterSpec const& spec) {
  auto const found = spec.config.find(std::string{directive});
  return found != spec.config.end() ? std::optional{found->second.text} : std::nullopt;
}

json::object operation(std::string_view what, std::string_view path) {
  return {{"op", what}, {"path", path}};
}

json::array add(std::string const& value, bool has_config) {
  auto patch = operation("add", has_config ? "/spec/config/maxmemory" : "/spec/config");
  if (has_config)
    patch["value"] = value;
  else
    patch["value"] = json::object{{directive, value}};
  return {std::move(patch)};
}

json::array follow(std::optional<std::string> const& value) {
  auto patch = operation(value ? "replace" : "remove", "/spec/config/maxmemory");
  if (value) patch["value"] = *value;
  return {std::move(patch)};
}

}  // namespace

json::array defaults(Request const& request) {
  if (request.subject != Subject::Cluster || request.operation == Operation::Delete) return {};
  auto const* const raw = member(request.object, "spec");
  auto const* const raw_before = member(request.old_object, "spec");
  auto const* const metadata = member(request.object, "metadata");
  if (!raw || (raw_before && *raw_before == *raw)) return {};
  if (metadata && member(*metadata, "deletionTimestamp")) return {};
  auto const after = spec_of(request.object);
  if (!after) return {};
  auto const wanted = derived(*after);
  auto const is = chosen(*after);
  auto const before = spec_of(request.old_object);
  if (!is) {
    bool const is_of_old = before && !chosen(*before) && derived(*before) == wanted;
    bool const is_missing = wanted && !is_of_old;
    return is_missing ? add(*wanted, member(*raw, "config") != nullptr) : json::array{};
  }
  bool const was_filled_in = before && chosen(*before) == is && derived(*before) == is;
  if (!was_filled_in || wanted == is) return {};
  return follow(wanted);
}

}  // namespace webhook
