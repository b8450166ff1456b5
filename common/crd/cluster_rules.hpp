#pragma once
#include "common/crd/valkey_cluster.hpp"

/// What has to be true of a ValkeyCluster, beyond the bounds of each field. Each stands in the
/// facts of its struct, beside the same in CEL.
namespace crd::rules {

inline constexpr std::int64_t most_pods = 500;
bool is_not_too_large(ValkeyClusterSpec const& spec);

bool leaves_directives_to_us(ValkeyClusterSpec const& spec);
std::string told_owned_directives(ValkeyClusterSpec const& spec);
bool has_directives_in_lower_case(ValkeyClusterSpec const& spec);

bool leaves_pod_labels_to_us(ValkeyClusterSpec const& spec);
bool leaves_pod_annotations_to_us(ValkeyClusterSpec const& spec);

bool is_not_reserved(UserSpec const& user);

bool names_one_source(TlsSpec const& tls);
bool names_a_source(TlsSpec const& tls);
bool is_renewed_before_it_ends(TlsSpec const& tls);
bool lasts_an_hour(TlsSpec const& tls);

bool leaves_servers_their_ports(MetricsSpec const& metrics);

bool stays_as_enabled(PersistenceSpec const& before, PersistenceSpec const& after);
bool keeps_its_class(PersistenceSpec const& before, PersistenceSpec const& after);
bool does_not_shrink(PersistenceSpec const& before, PersistenceSpec const& after);

}  // namespace crd::rules
