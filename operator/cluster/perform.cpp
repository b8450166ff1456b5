#include "operator/cluster/servers.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

namespace cluster {
namespace {

using namespace std::chrono_literals;
using valkey::Command;
using valkey::Reply;

constexpr Limit answering = 10s;

std::vector<Command> one(Command command) {
  std::vector<Command> commands;
  commands.push_back(std::move(command));
  return commands;
}

/// Whether what a step was planned on is still so, by the server's own view.
using StillSo = std::function<bool(valkey::Topology const&)>;

bool anything(valkey::Topology const&) { return true; }

/// Asks if the server is still the one that was meant, and if it still sees what was seen.
Task<> confirm(Target const& target, StillSo const& is_still_so, valkey::Connection& server) {
  CO_TRY(auto const replies, co_await server.exchange(one(Command{"CLUSTER", "NODES"}), answering));
  CO_TRY(auto const text, valkey::text_of(replies.front()));
  CO_TRY(auto const topology, valkey::Topology::parse(text));
  if (topology.myself().id != target.id) co_return conflict("its server is another one by now");
  if (!is_still_so(topology)) co_return conflict("its cluster is another one by now");
  co_return ok;
}

/// The reply to each, however many there are.
Task<std::vector<Reply>> ask_all(std::vector<Command> commands, valkey::Connection& server) {
  std::vector<Reply> all;
  while (all.size() < commands.size()) {
    auto const count = std::min(commands.size() - all.size(), valkey::Connection::most_outstanding);
    auto const first = commands.begin() + static_cast<std::ptrdiff_t>(all.size());
    std::vector<Command> some{std::move_iterator{first},
                              std::move_iterator{first + static_cast<std::ptrdiff_t>(count)}};
    CO_TRY(auto replies, co_await server.exchange(std::move(some), answering));
    if (replies.size() != count) co_return transient("not every command was answered");
    std::ranges::move(replies, std::back_inserter(all));
  }
  co_return all;
}

/// Each has to be accepted.
Task<> send(std::vector<Command> commands, valkey::Connection& server) {
  CO_TRY(auto const replies, co_await ask_all(std::move(commands), server));
  for (auto const& reply : replies) CO_TRY(valkey::accepted(reply));
  co_return ok;
}

Task<> told(Target const& target, StillSo const& is_still_so, std::vector<Command> commands,
            Reach const& reach) {
  CO_TRY(auto loan, co_await connection(target.pod_name, target.ip, reach));
  CO_TRY(co_await confirm(target, is_still_so, *loan));
  co_return co_await send(std::move(commands), *loan);
}

Task<> tell(Target target, StillSo is_still_so, std::vector<Command> commands, Reach const& reach) {
  auto done = co_await told(target, is_still_so, std::move(commands), reach);
  if (!done) co_return Failure{std::move(done).error().during("telling " + target.pod_name)};
  co_return ok;
}

Command add_slots(valkey::SlotSet const& slots) {
  std::vector<std::string> bounds;
  for (auto const& range : slots.ranges()) {
    bounds.push_back(std::to_string(range.first));
    bounds.push_back(std::to_string(range.last));
  }
  std::vector<std::string_view> words{"CLUSTER", "ADDSLOTSRANGE"};
  words.insert(words.end(), bounds.begin(), bounds.end());
  return Command{std::span<std::string_view const>{words}};
}

Task<> perform_step(AssignSlots step, Reach const& reach) {
  std::vector<Command> commands;
  if (!step.slots().empty()) commands.push_back(add_slots(step.slots()));
  if (auto const epoch = step.epoch())
    commands.push_back(Command{"CLUSTER", "SET-CONFIG-EPOCH", std::to_string(*epoch)});
  bool const is_alone = step.epoch().has_value();
  co_return co_await tell(
      step.owner(),
      [is_alone](valkey::Topology const& seen) {
        return seen.myself().is_primary() && (!is_alone || seen.nodes().size() == 1);
      },
      std::move(commands), reach);
}

/// An address is another cluster's a moment after its pod is gone: two clusters that meet are one
/// from then on, and one's data is lost (H55).
Task<> perform_step(Meet step, Reach const& reach) {
  CO_TRY(co_await tell(step.newcomer, anything, {}, reach));
  co_return co_await tell(
      step.host, anything,
      one(Command{"CLUSTER", "MEET", step.newcomer.ip, std::to_string(crd::client_port),
                  std::to_string(crd::bus_port)}),
      reach);
}

Task<> perform_step(Follow step, Reach const& reach) {
  co_return co_await tell(
      step.replica,
      [primary = step.primary](valkey::Topology const& seen) {
        auto const* const known = seen.find(primary);
        return seen.myself().slots.empty() && known && known->is_primary();
      },
      one(Command{"CLUSTER", "REPLICATE", step.primary.text()}), reach);
}

Task<> perform_step(Forget step, Reach const& reach) {
  for (auto const& member : step.members())
    CO_TRY(co_await tell(
        member,
        [ghost = step.ghost()](valkey::Topology const& seen) {
          return seen.replicas_of(ghost).empty();
        },
        one(Command{"CLUSTER", "FORGET", step.ghost().text()}), reach));
  co_return ok;
}

/// And nobody else has taken its slots meanwhile.
StillSo follows(valkey::NodeId primary) {
  return [primary](valkey::Topology const& seen) {
    auto const* const known = seen.find(primary);
    return seen.myself().primary == primary && known && !known->slots.empty();
  };
}

Task<> perform_step(HandOver step, Reach const& reach) {
  co_return co_await tell(step.replica, follows(step.primary.id),
                          one(Command{"CLUSTER", "FAILOVER"}), reach);
}

Task<> perform_step(TakeOver step, Reach const& reach) {
  co_return co_await tell(step.replica(), follows(step.dead()),
                          one(Command{"CLUSTER", "FAILOVER", "TAKEOVER"}), reach);
}

/// "CONFIG SET failed (possibly related to argument 'databases') - can't set immutable config"
bool is_fixed_at_start(valkey::ErrorReply const& refusal) {
  return refusal.text.find("immutable") != std::string::npos;
}

/// Whether a server runs with a value that it can't be told.
Task<bool> has(desired::Directive directive, valkey::Connection& server) {
  CO_TRY(auto const replies,
         co_await server.exchange(one(Command{"CONFIG", "GET", directive.name}), answering));
  CO_TRY(auto const found, valkey::map_of(replies.front()));
  auto const value = found.text(directive.name);
  co_return value && *value == directive.value;
}

Task<Settings> set(std::vector<desired::Directive> directives, valkey::Connection& server) {
  std::vector<Command> commands;
  commands.reserve(directives.size());
  for (auto const& [name, value] : directives)
    commands.push_back(Command{"CONFIG", "SET", name, value});
  CO_TRY(auto const replies, co_await ask_all(std::move(commands), server));
  Settings made;
  for (std::size_t at = 0; at < directives.size(); ++at) {
    auto const* const refusal = replies[at].refusal();
    if (!refusal) continue;
    auto const& name = directives[at].name;
    if (!is_fixed_at_start(*refusal)) {
      made.refused.push_back(name + ": " + valkey::from(*refusal).message);
      continue;
    }
    CO_TRY(bool const has_it, co_await has(directives[at], server));
    if (!has_it) made.need_restart.push_back(name);
  }
  co_return made;
}

Task<> perform_step(Configure step, Reach const& reach) {
  CO_TRY(auto const made, co_await configure(std::move(step), reach));
  if (!made.refused.empty()) co_return permanent(made.refused.front());
  co_return ok;
}

Task<> perform_step(LoadUsers step, Reach const& reach) {
  co_return co_await tell(step.server, anything, one(Command{"ACL", "LOAD"}), reach);
}

/// Both at once, else they would not fit each other. Over another connection we see what it shows.
Task<> perform_step(ReloadCertificate step, Reach const& reach) {
  using namespace desired;
  auto const& target = step.server;
  CO_TRY(auto loan, co_await connection(target.pod_name, target.ip, reach));
  CO_TRY(co_await confirm(target, anything, *loan));
  CO_TRY(co_await send(
      one(Command{"CONFIG", "SET", "tls-cert-file", in_folder(folders::tls, "tls.crt"),
                  "tls-key-file", in_folder(folders::tls, "tls.key"), "tls-ca-cert-file",
                  in_folder(folders::tls, "ca.crt")}),
      *loan));
  loan->end();
  co_return ok;
}

}  // namespace

Task<Settings> configure(Configure step, Reach reach) {
  auto const& target = step.server;
  CO_TRY(auto loan, co_await connection(target.pod_name, target.ip, reach));
  CO_TRY(co_await confirm(target, anything, *loan));
  co_return co_await set(std::move(step.directives), *loan);
}

Task<> perform(Step step, Reach reach) {
  auto* const what = &step;
  co_return co_await std::visit([&](auto& kind) { return perform_step(std::move(kind), reach); },
                                *what);
}

}  // namespace cluster
