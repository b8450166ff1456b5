#include "common/crd/cluster_rules.hpp"

#include "common/crd/directives.hpp"
#include "common/crd/labels.hpp"
#include "common/kube/duration.hpp"
#include "common/kube/quantity.hpp"

#include <ranges>

namespace crd::rules {
namespace {

bool is_directive(std::string_view text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
  return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos;
}

bool leaves_to_us(std::map<std::string, std::string> const& entries) {
  return std::ranges::none_of(std::views::keys(entries),
                              [](std::string const& key) { return labels::is_ours(key); });
}

/// Zero where it is none: its form is checked by itself.
std::chrono::nanoseconds length_of(std::string const& duration) {
  return kube::parse_duration(duration).value_or(std::chrono::nanoseconds{});
}

}  // namespace

bool is_not_too_large(ValkeyClusterSpec const& spec) {
  return spec.shards * (std::int64_t{1} + spec.replicas_per_shard) <= most_pods;
}

bool leaves_directives_to_us(ValkeyClusterSpec const& spec) {
  return told_owned_directives(spec).empty();
}

std::string told_owned_directives(ValkeyClusterSpec const& spec) {
  std::string told;
  for (auto const& name : std::views::keys(spec.config))
    if (auto const* const found = owned(name))
      told += (told.empty() ? "" : "; ") + name +
              " is set by the operator: " + std::string{found->instead};
  return told;
}

bool has_directives_in_lower_case(ValkeyClusterSpec const& spec) {
  return std::ranges::all_of(std::views::keys(spec.config), is_directive);
}

bool leaves_pod_labels_to_us(ValkeyClusterSpec const& spec) {
  return leaves_to_us(spec.pod_labels);
}

bool leaves_pod_annotations_to_us(ValkeyClusterSpec const& spec) {
  return leaves_to_us(spec.pod_annotations);
}

bool is_not_reserved(UserSpec const& user) {
  return user.name != "default" && !user.name.starts_with("valkey-");
}

bool names_one_source(TlsSpec const& tls) { return !tls.issuer_ref || !tls.secret_name; }

bool names_a_source(TlsSpec const& tls) {
  return !tls.enabled || tls.issuer_ref || tls.secret_name;
}

bool is_renewed_before_it_ends(TlsSpec const& tls) {
  return length_of(tls.renew_before) < length_of(tls.duration);
}

bool lasts_an_hour(TlsSpec const& tls) { return length_of(tls.duration) >= std::chrono::hours{1}; }

bool leaves_servers_their_ports(MetricsSpec const& metrics) {
  return metrics.port != 6379 && metrics.port != 16379;
}

bool stays_as_enabled(PersistenceSpec const& before, PersistenceSpec const& after) {
  return before.enabled == after.enabled;
}

bool keeps_its_class(PersistenceSpec const& before, PersistenceSpec const& after) {
  return before.storage_class_name == after.storage_class_name;
}

bool does_not_shrink(PersistenceSpec const& before, PersistenceSpec const& after) {
  auto const least = kube::whole_units(before.size.text);
  auto const wanted = kube::whole_units(after.size.text);
  return !least || !wanted || *wanted >= *least;
}

}  // namespace crd::rules
