#pragma once
#include "common/net/endpoint.hpp"
#include "common/valkey/info.hpp"
#include "common/valkey/node.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace valkey {

/// A replica as its primary sees it.
struct AttachedReplica {
  net::Endpoint address;
  std::string state;  ///< "online" once it has all that was there when it came
  std::int64_t offset = 0;
  std::chrono::seconds lag{};  ///< since its last word

  bool is_online() const { return state == "online"; }
  bool operator==(AttachedReplica const&) const = default;
};

/// What a replica knows of its primary.
struct PrimaryLink {
  enum class Status { Up, Down };

  net::Endpoint primary;
  Status status = Status::Down;
  bool is_syncing = false;  ///< all of the data is being sent
  bool was_up = false;      ///< at any time since the start: else it does not stand for election
  std::optional<std::chrono::seconds> last_word;  ///< nothing while the link is down
  bool operator==(PrimaryLink const&) const = default;
};

/// What INFO replication says.
struct Replication {
  Role role = Role::Primary;
  std::int64_t offset = 0;                ///< of what was written, or applied by a replica
  std::optional<PrimaryLink> link;        ///< of a replica
  std::vector<AttachedReplica> replicas;  ///< a replica may have some, too
  bool operator==(Replication const&) const = default;
};

/// Transient when the section is not there, or not whole.
Result<Replication> replication_of(Facts const& info);

}  // namespace valkey
