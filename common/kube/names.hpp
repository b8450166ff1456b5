#pragma once
#include <string_view>

/// What the API server takes as names (apimachinery pkg/util/validation).
namespace kube {

/// As of a namespace or a Service: RFC 1123, at most 63 of a-z, 0-9 and, within, "-".
bool is_dns_label(std::string_view name);

/// As of most other objects: such words joined by dots, at most 253 characters in all.
bool is_dns_subdomain(std::string_view name);

}  // namespace kube
