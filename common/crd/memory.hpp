#pragma once
#include "common/crd/valkey_cluster.hpp"

/// How much memory a server may use, and how much of it for data.
namespace crd {

/// Of a limit. What is left is for copies on write while data is saved or sent to a replica, and
/// for buffers.
inline constexpr std::int64_t percent_for_data = 70;
/// The most of a limit that a user may give to data.
inline constexpr std::int64_t most_percent_for_data = 90;

/// As valkey.conf has it: "1gb", "512mb", "100" (valkey src/util.c, memtoull); nothing for what is
/// no amount or does not fit.
std::optional<std::int64_t> memory_amount(std::string_view text);

/// The memory limit in bytes, where there is one.
std::optional<std::int64_t> memory_limit(ValkeyClusterSpec const& spec);

/// The maxmemory that follows from the memory limit, where there is one.
std::optional<std::int64_t> derived_max_memory(ValkeyClusterSpec const& spec);

}  // namespace crd
