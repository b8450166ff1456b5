#include "operator/cluster/pass.hpp"

#include "common/crd/objections.hpp"
#include "common/crd/rules.hpp"
#include "common/kube/timestamp.hpp"
#include "common/logging.hpp"
#include "common/random.hpp"
#include "operator/cluster/operation.hpp"
#include "operator/cluster/tidings.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>

namespace cluster {
namespace {

using namespace std::chrono_literals;

constexpr auto time_to_come_up = 30s;      ///< before a person is told what is missing
constexpr auto search_period = 60s;        ///< a Secret may have been changed
constexpr auto urgent_search_period = 3s;  ///< something is missing

std::string now_as_text(Clock const& clock) {
  return kube::format_seconds(
      std::chrono::time_point_cast<std::chrono::microseconds>(clock.wall_time()));
}

Result<Passwords> new_passwords() {
  TRY(auto operator_, random_password());
  TRY(auto replication, random_password());
  TRY(auto probe, random_password());
  TRY(auto exporter, random_password());
  TRY(auto default_user, random_password());
  return Passwords{.credentials = {.operator_ = std::move(operator_),
                                   .replication = std::move(replication),
                                   .probe = std::move(probe),
                                   .exporter = std::move(exporter)},
                   .default_user = std::move(default_user)};
}

/// 3 of "3/4"; nothing of what is not known.
std::optional<std::size_t> leading_number(std::string const& text) {
  std::size_t number = 0;
  auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} ? std::optional{number} : std::nullopt;
}

std::vector<std::string> phases() {
  std::vector<std::string> all;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<crd::ClusterPhase>>(
      [&](auto phase) { all.emplace_back(phase.name); });
  return all;
}

kube::ObjectReference reference(crd::ValkeyCluster const& cluster) {
  return {.api_version = kube::api_version(crd::valkey_cluster),
          .kind = std::string{crd::valkey_cluster.kind},
          .namespace_ = cluster.metadata.namespace_,
          .name = cluster.metadata.name,
          .uid = cluster.metadata.uid};
}

}  // namespace

Pass::Pass(Tools const& tools, crd::ValkeyCluster const& cluster, Memory& memory)
    : tools_{tools},
      cluster_{cluster},
      memory_{memory},
      names_{cluster.metadata},
      now_{tools.clock.now()} {
  for (auto const& violation : crd::violations(cluster))
    problems_.push_back({Trouble::InvalidSpec, violation.field + ": " + violation.message});
  is_valid_ = problems_.empty();
  for (auto const& objection : crd::objections(cluster))
    problems_.push_back({Trouble::DoubtfulSpec, objection.field + ": " + objection.message});
  auto const created = kube::parse_timestamp(cluster.metadata.creation_timestamp);
  is_new_ = created && tools.clock.wall_time() - *created < time_to_come_up;
}

Task<controller::Requeue> Pass::run() {
  CO_TRY(co_await look_around());
  if (tools_.gate()) CO_TRY(co_await keep_retention());
  if (may_act()) CO_TRY(co_await act());
  CO_TRY(co_await tell());
  for (auto const& failure : failures_)
    logging::warning("object not written",
                     {{"cluster", ref_of(cluster_.metadata).text()}, {"message", failure.message}});
  co_return controller::Requeue{.after = rest()};  // servers may need us meanwhile
}

Task<> Pass::look_around() {
  if (is_valid_) wanted_ = wanted_objects(cluster_);
  CO_TRY(auto seen, observe(tools_.caches, cluster_, wanted_));
  seen_ = std::move(seen);
  CO_TRY(co_await search());
  places_ =
      places(names_, shard_sizes(cluster_, seen_.children, is_valid_), seen_.children, seen_.pods);
  CO_TRY(auto view, co_await look(places_, reach()));
  view_ = std::move(view);
  looked_ = tools_.clock.now();
  plan_.next = state_of(cluster_.status);
  if (is_valid_) plan_ = plan(plan_.next, situation());
  plan_.waits.insert(plan_.waits.begin(), awaited_.begin(), awaited_.end());
  for (auto const& stage : plan_.stages)
    if (doing_.empty() && !stage.empty()) doing_ = text_of(stage.front());
  if (!view_.unknown())
    std::erase_if(memory_.configured, [&](auto const& told) {
      return std::ranges::find(view_.servers, told.first, &Server::run_id) == view_.servers.end();
    });
  has_moved_ = memory_.events != plan_.events || memory_.places != places_;
  memory_.events = plan_.events;
  memory_.places = places_;
  co_return ok;
}

/// What can't be looked for now is as it was: servers may need us all the same.
Task<> Pass::search() {
  auto const since = memory_.searched ? now_ - *memory_.searched : Clock::Duration::max();
  bool const is_urgent = memory_.has_unmet_needs && since >= urgent_search_period;
  bool const is_new = memory_.searched_generation != cluster_.metadata.generation;
  if (is_new || is_urgent || since >= search_period) {
    auto found = co_await search_again();
    if (!found && (found.error().fault == Fault::Cancelled || !memory_.searched))
      co_return Failure{std::move(found).error()};
    if (!found) failures_.push_back(std::move(found).error());
  }
  if (!memory_.passwords) {
    CO_TRY(auto made_up, new_passwords());
    memory_.passwords = std::move(made_up);
  }
  auto known = passwords(names_, memory_.findables.secrets, *memory_.passwords);
  material_ = material(cluster_, memory_.findables, known);
  memory_.passwords = std::move(known);
  memory_.has_unmet_needs = !material_.problems.empty();
  for (auto const& problem : material_.problems) {
    bool const is_coming =
        problem.trouble == Trouble::CertificateMissing && is_new_ && cluster_.spec.tls.issuer_ref;
    if (is_coming)
      awaited_.push_back(problem.message);
    else
      problems_.push_back(problem);
  }
  if (auto const used = use_certificates(); !used)
    problems_.push_back({Trouble::CertificateMissing, used.error().message});
  co_return ok;
}

Task<> Pass::search_again() {
  Findables found;
  auto const& space = names_.namespace_name();
  CO_TRY(found.secrets, co_await fetch_secrets(space, secret_names(cluster_), tools_.client));
  // One that is wanted no more may still be there when we begin, or when it has just been dropped.
  bool const may_be_there =
      cluster_.spec.tls.issuer_ref || memory_.findables.certificate || !memory_.searched;
  if (may_be_there) {
    CO_TRY(auto certificate,
           co_await fetch_certificate({space, names_.certificate()}, tools_.client));
    found.certificate = std::move(certificate);
  }
  memory_.findables = std::move(found);
  memory_.searched = now_;
  memory_.searched_generation = cluster_.metadata.generation;
  co_return ok;
}

Result<> Pass::use_certificates() {
  auto const& found = material_.certificates;
  if (!found || found == memory_.certificates) return ok;
  auto const text = [](Secret const& secret) { return Secret{std::string{secret.reveal()}}; };
  TRY(auto tls, net::TlsContext::create({.role = net::TlsRole::Client,
                                         .authorities = text(found->authorities),
                                         .identity = net::Identity{.certificates = text(found->own),
                                                                   .key = text(found->key)}}));
  TRY(memory_.fingerprint, net::fingerprint(found->own));
  memory_.tls = std::move(tls);
  memory_.certificates = found;
  return ok;
}

Reach Pass::reach() const {
  std::set<std::string> tls_pods;
  for (auto const& pod : places_)
    if (pod.has_tls) tls_pods.insert(pod.place.pod_name);
  auto const& acl = material_.users_acl;
  auto const& known = memory_.passwords;
  return {.pool = tools_.pool,
          .credentials = {.user = std::string{users::operator_},
                          .password = known ? known->credentials.operator_ : Secret{""}},
          .tls = memory_.tls,
          .tls_pods = std::move(tls_pods),
          .names = names_,
          .certificate = memory_.fingerprint,
          .acl_marker = acl.empty() ? std::string{} : desired::acl_marker(acl)};
}

Situation Pass::situation() const {
  return {.spec = cluster_.spec, .names = names_, .view = view_, .configured = memory_.configured};
}

bool Pass::may_act() {
  return is_valid_ && !cluster_.spec.paused && !cluster_.metadata.deletion_timestamp &&
         tools_.gate().has_value();
}

Task<> Pass::tell() {
  if (has_moved_) memory_.moved = now_;
  std::ranges::sort(problems_, {}, [](Problem const& problem) {
    return std::pair{problem.trouble, std::string_view{problem.message}};
  });
  std::string restarts;
  for (auto const& [pod, directives] : memory_.need_restart)
    for (auto const& directive : directives)
      restarts += fmt::format("{}{} acts when {} is restarted", restarts.empty() ? "" : ", ",
                              directive, pod);
  bool const is_configuring = is_valid_ && are_settings_behind(situation());
  auto const now = now_as_text(tools_.clock);
  auto status = report({.cluster = cluster_,
                        .places = places_,
                        .view = view_,
                        .plan = plan_,
                        .problems = problems_,
                        .is_new = is_new_,
                        .doing = doing_,
                        .restarts = restarts,
                        .is_configuring = is_configuring && plan_.next == State::Running,
                        .now = now});
  measure(status);
  auto const since = memory_.told ? std::optional{now_ - *memory_.told} : std::nullopt;
  until_told_ = pace::until_told(cluster_.status, status, since);
  if (until_told_ != Clock::Duration::zero()) co_return ok;
  until_told_.reset();
  co_return co_await write(std::move(status));
}

void Pass::measure(crd::ValkeyClusterStatus const& status) const {
  std::int64_t lag = 0;
  for (auto const& shard : status.shards)
    for (auto const& replica : shard.replicas) lag = std::max(lag, replica.lag_bytes.value_or(0));
  if (!memory_.measured)
    memory_.measured.emplace(names_.namespace_name(), names_.cluster(), phases());
  auto const phase = status.phase ? mapping::encode_text(*status.phase) : std::string{};
  memory_.measured->is_now({.phase = phase,
                            .slots_covered = leading_number(status.slots),
                            .shards_ready = leading_number(status.ready_shards),
                            .replication_lag_bytes = lag});
}

Task<> Pass::write(crd::ValkeyClusterStatus status) {
  kube::ObjectRef const ref = ref_of(cluster_.metadata);
  json::object whole{
      {"apiVersion", kube::api_version(crd::valkey_cluster)},
      {"kind", crd::valkey_cluster.kind},
      {"metadata",
       {{"name", ref.name}, {"namespace", ref.namespace_name}, {"uid", cluster_.metadata.uid}}},
      {"status", mapping::encode(status)}};
  CO_TRY(auto const written,
         co_await tools_.client.apply(crd::valkey_cluster, ref, std::move(whole), "status"));
  tools_.wrote(ref, crd::valkey_cluster.plural, version_of(written));
  memory_.told = now_;
  for (auto const& tiding : tidings(cluster_.status, status))
    tools_.events.record(reference(cluster_), tiding.type, tiding.reason, tiding.action,
                         tiding.note);
  co_return ok;
}

bool Pass::is_settled() const {
  return problems_.empty() && !has_moved_ && plan_.events == std::vector{Event::Settled} &&
         std::ranges::all_of(places_, &PodPlace::is_ready);
}

pace::Duration Pass::rest() const {
  auto const next = is_settled() ? pace::calm : pace::until_next_look(now_ - memory_.moved);
  return until_told_ ? std::min(next, *until_told_) : next;
}

}  // namespace cluster
