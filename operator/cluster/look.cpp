#include "common/async/task_group.hpp"
#include "operator/cluster/servers.hpp"

#include <algorithm>

namespace cluster {
namespace {

using namespace std::chrono_literals;
using valkey::Command;
using valkey::Reply;

constexpr Limit answering = 3s;

/// What a server is asked. While it loads it refuses the last, and answers all others.
std::vector<Command> questions() {
  std::vector<Command> all;
  all.push_back(Command{"CLUSTER", "NODES"});
  all.push_back(Command{"CLUSTER", "INFO"});
  all.push_back(Command{"INFO", "server", "replication", "persistence"});
  all.push_back(Command{"ACL", "USERS"});
  all.push_back(Command{"DBSIZE"});
  return all;
}

Result<bool> has_user(Reply const& users, std::string_view name) {
  TRY(auto const names, valkey::list_of(users));
  return std::ranges::any_of(names, [&](Reply const& one) {
    auto const text = valkey::text_of(one);
    return text && *text == name;
  });
}

Result<> understand(std::span<Reply const> replies, Reach const& reach, Server& server) {
  TRY(auto const nodes, valkey::text_of(replies[0]));
  TRY(server.topology, valkey::Topology::parse(nodes));
  TRY(auto const cluster_text, valkey::text_of(replies[1]));
  TRY(auto const cluster, valkey::Facts::parse(cluster_text));
  TRY(auto const info_text, valkey::text_of(replies[2]));
  TRY(auto const info, valkey::Facts::parse(info_text));
  TRY(auto const state, cluster.text("cluster_state"));
  TRY(auto const run_id, info.text("run_id"));
  TRY(auto const loading, info.integer("loading"));
  TRY(server.version, valkey::version_of(info));
  TRY(server.replication, valkey::replication_of(info));
  TRY(bool const has_users, has_user(replies[3], reach.acl_marker));
  server.has_current_acl = reach.acl_marker.empty() || has_users;
  server.is_ok = state == "ok";
  server.run_id = run_id;
  server.is_loading = loading != 0;
  if (server.is_loading) return ok;
  TRY(server.keys, valkey::integer_of(replies[4]));
  return ok;
}

Task<Server> ask(PodPlace pod, Reach const& reach) {
  if (pod.ip.empty())
    co_return transient(pod.trouble.empty() ? "it has no address yet" : pod.trouble);
  CO_TRY(auto loan, co_await connection(pod.place.pod_name, pod.ip, reach));
  auto asked = questions();
  auto const count = asked.size();
  CO_TRY(auto const replies, co_await loan->exchange(std::move(asked), answering));
  if (replies.size() != count) co_return transient("not every question was answered");
  Server server;
  server.place = pod.place;
  server.ip = pod.ip;
  server.is_leaving = pod.is_leaving;
  server.shows_current_certificate =
      reach.certificate.empty() || !pod.has_tls || loan->peer_fingerprint() == reach.certificate;
  CO_TRY(understand(replies, reach, server));
  co_return server;
}

Task<> note(PodPlace pod, Reach const& reach, Result<Server>& answer) {
  answer = co_await ask(std::move(pod), reach);
  if (!answer && answer.error().fault == Fault::Cancelled) co_return cancelled();
  co_return ok;
}

}  // namespace

Task<valkey::Pool::Loan> connection(std::string pod_name, std::string ip, Reach const& reach) {
  bool const has_tls = reach.tls_pods.contains(pod_name);
  if (has_tls && !reach.tls) co_return transient("there are no certificates to reach it by");
  co_return co_await reach.pool.borrow(
      {.host = std::move(ip), .port = crd::client_port},
      {.credentials = reach.credentials,
       .tls = has_tls ? reach.tls : nullptr,
       .server_name = has_tls ? reach.names.host(pod_name) : std::string{}});
}

Task<View> look(std::vector<PodPlace> pods, Reach reach) {
  std::vector<Result<Server>> answers(pods.size(), Result<Server>{cancelled()});
  CO_TRY(co_await together([&](TaskGroup& group) {
    for (std::size_t at = 0; at < pods.size(); ++at)
      group.spawn(note(pods[at], reach, answers[at]));
  }));
  View view;
  for (std::size_t at = 0; at < pods.size(); ++at) {
    if (answers[at])
      view.servers.push_back(*std::move(answers[at]));
    else
      view.silent.push_back({pods[at].place, answers[at].error().message, pods[at].holds_nothing});
  }
  co_return view;
}

}  // namespace cluster
