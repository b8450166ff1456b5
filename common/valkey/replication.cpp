#include "common/valkey/replication.hpp"

#include "common/ascii.hpp"
#include "common/valkey/number.hpp"
#include "common/valkey/printable.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>

namespace valkey {
namespace {

Failure not_whole(std::string_view name, std::string_view value) {
  return transient(
      fmt::format("INFO replication can't be so: {} is \"{}\"", name, printable(value)));
}

/// What is missing is as wrong as what is something else.
Result<std::string_view> text_in(Facts const& info, std::string_view name) {
  auto const value = info.find(name);
  if (!value) return not_whole(name, "");
  return *value;
}

template <class Number>
Result<Number> number_in(Facts const& info, std::string_view name) {
  TRY(auto const value, text_in(info, name));
  auto const number = parsed<Number>(value);
  if (!number) return not_whole(name, value);
  return *number;
}

Result<Role> role_in(Facts const& info) {
  TRY(auto const role, text_in(info, "role"));
  if (role == "master") return Role::Primary;
  if (role == "slave") return Role::Replica;
  return not_whole("role", role);
}

/// "ip=10.0.0.3,port=6379,state=online,offset=123,lag=0,type=replica"
Result<AttachedReplica> replica_in(std::string_view name, std::string_view text) {
  std::map<std::string_view, std::string_view> pairs;
  for (auto rest = text; !rest.empty();) {
    auto const pair = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    auto const equals = std::min(pair.find('='), pair.size());
    pairs.emplace(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
  auto const port = parsed<std::uint16_t>(pairs["port"]);
  auto const offset = parsed<std::int64_t>(pairs["offset"]);
  auto const lag = parsed<std::int32_t>(pairs["lag"]);
  if (!port || !offset || !lag || pairs["ip"].empty() || pairs["state"].empty())
    return not_whole(name, text);
  return AttachedReplica{.address = {.host = std::string{pairs["ip"]}, .port = *port},
                         .state = std::string{pairs["state"]},
                         .offset = *offset,
                         .lag = std::chrono::seconds{*lag}};
}

Result<PrimaryLink> link_in(Facts const& info) {
  using enum PrimaryLink::Status;
  PrimaryLink link;
  TRY(link.primary.host, text_in(info, "master_host"));
  TRY(link.primary.port, number_in<std::uint16_t>(info, "master_port"));
  TRY(auto const status, text_in(info, "master_link_status"));
  if (status != "up" && status != "down") return not_whole("master_link_status", status);
  link.status = status == "up" ? Up : Down;
  TRY(auto const syncing, number_in<int>(info, "master_sync_in_progress"));
  link.is_syncing = syncing != 0;
  TRY(auto const silence, number_in<std::int32_t>(info, "master_last_io_seconds_ago"));
  if (silence >= 0) link.last_word = std::chrono::seconds{silence};
  if (link.status == Up) {
    link.was_up = true;
  } else {
    TRY(auto const down_for, number_in<std::int64_t>(info, "master_link_down_since_seconds"));
    link.was_up = down_for >= 0;
  }
  return link;
}

}  // namespace

Result<Replication> replication_of(Facts const& info) {
  Replication replication;
  TRY(replication.role, role_in(info));
  bool const is_replica = replication.role == Role::Replica;
  TRY(replication.offset,
      number_in<std::int64_t>(info, is_replica ? "slave_repl_offset" : "master_repl_offset"));
  if (is_replica) {
    TRY(replication.link, link_in(info));
  }
  TRY(auto const count, number_in<std::uint32_t>(info, "connected_slaves"));
  // Those that are about to attach are counted, and may not be listed.
  for (std::uint32_t index = 0; index < count; ++index) {
    auto const name = fmt::format("slave{}", index);
    auto const listed = info.find(name);
    if (!listed) break;
    TRY(auto replica, replica_in(name, *listed));
    replication.replicas.push_back(std::move(replica));
  }
  return replication;
}

}  // namespace valkey
