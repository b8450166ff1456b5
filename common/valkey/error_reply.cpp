#include "common/valkey/error_reply.hpp"

#include "common/valkey/printable.hpp"

#include <algorithm>
#include <array>

namespace valkey {
namespace {

struct Kind {
  std::string_view beginning;
  Fault fault;
};

/// valkey src/server.c, createSharedObjects(), and src/cluster.c, clusterRedirectClient().
constexpr auto kinds_by_code =
    std::to_array<Kind>({{"LOADING", Fault::Transient},    {"BUSY", Fault::Transient},
                         {"MASTERDOWN", Fault::Transient}, {"CLUSTERDOWN", Fault::Transient},
                         {"TRYAGAIN", Fault::Transient},   {"NOREPLICAS", Fault::Transient},
                         {"INPROG", Fault::Transient},     {"UNBLOCKED", Fault::Transient},
                         {"OOM", Fault::Transient},        {"MOVED", Fault::Conflict},
                         {"ASK", Fault::Conflict},         {"READONLY", Fault::Conflict},
                         {"NOAUTH", Fault::Permanent},     {"WRONGPASS", Fault::Permanent},
                         {"NOPERM", Fault::Permanent},     {"DENIED", Fault::Permanent},
                         {"NOPROTO", Fault::Permanent},    {"MISCONF", Fault::Permanent},
                         {"CROSSSLOT", Fault::Permanent},  {"WRONGTYPE", Fault::Permanent},
                         {"EXECABORT", Fault::Permanent}});

/// Of "ERR", which is said of everything else.
constexpr auto kinds_by_text =
    std::to_array<Kind>({{"ERR max number of clients", Fault::Transient},
                         {"ERR Server is closing", Fault::Transient},
                         {"ERR Unknown node", Fault::Conflict},
                         {"ERR You should send CLUSTER FAILOVER to a replica", Fault::Conflict},
                         {"ERR Slot ", Fault::Conflict}});

Fault fault_of(ErrorReply const& refusal) {
  auto const* const coded = std::ranges::find(kinds_by_code, refusal.code(), &Kind::beginning);
  if (coded != kinds_by_code.end()) return coded->fault;
  auto const* const worded = std::ranges::find_if(
      kinds_by_text, [&](Kind const& kind) { return refusal.text.starts_with(kind.beginning); });
  return worded != kinds_by_text.end() ? worded->fault : Fault::Permanent;
}

/// valkey src/server.c, commandCheckExistence(): a password may be among the arguments.
std::string_view without_arguments(std::string_view text) {
  return text.substr(0, text.find(", with args beginning with"));
}

}  // namespace

std::string_view ErrorReply::code() const {
  return std::string_view{text}.substr(0, text.find(' '));
}

Error from(ErrorReply const& refusal) {
  return {fault_of(refusal), printable(without_arguments(refusal.text))};
}

}  // namespace valkey
