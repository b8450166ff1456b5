#include "common/async/task_group.hpp"
#include "common/logging.hpp"
#include "operator/cluster/pass.hpp"
#include "operator/cluster/retention.hpp"
#include "operator/cluster/roles.hpp"

#include <algorithm>

namespace cluster {
namespace {

using namespace std::chrono_literals;

/// After this the servers may have decided otherwise.
constexpr auto longest_thought = 5s;
/// For a primary and its replica to change places; asking again would begin anew.
constexpr auto handing_over = 5s;

/// Which is done again and again until the kubelet has written a file.
bool is_waiting_for_files(Step const& step) {
  return std::holds_alternative<LoadUsers>(step) || std::holds_alternative<ReloadCertificate>(step);
}

}  // namespace

/// Whatever else is paused or can't be: what becomes of volumes is decided by the last spec.
Task<> Pass::keep_retention() {
  if (may_act()) co_return ok;  // along with all other changes, then
  CO_TRY(auto changed, co_await change_all({}, owner_patches(cluster_, seen_.children), writer()));
  note(std::move(changed));
  co_return ok;
}

/// Servers first: what was decided on a look at them is not to wait for an API server.
Task<> Pass::act() {
  CO_TRY(co_await tell_servers());
  co_return co_await write_objects();
}

/// Servers start with the settings that they would take: these are tried on servers that run, first
/// (H35). In one that is not made yet, and where none answers, there is nobody to ask.
Task<> Pass::write_objects() {
  bool const config_may_change =
      plan_.next == State::Creating || unconfigured_servers(situation()).empty();
  auto plan = plan_objects({.cluster = cluster_,
                            .wanted = wanted_,
                            .children = seen_.children,
                            .applied = memory_.applied,
                            .config_may_change = config_may_change});
  for (auto& problem : plan.problems) problems_.push_back(std::move(problem));
  auto first = std::move(plan.basics);
  std::ranges::copy(material_.writes, std::back_inserter(first));
  std::ranges::copy(material_.removals, std::back_inserter(plan.removals));

  std::ranges::move(relabelled(cluster_.spec, view_, seen_.pods), std::back_inserter(plan.patches));
  Writer const writer = this->writer();
  CO_TRY(auto written, co_await apply_all(std::move(first), writer));
  note(std::move(written));
  // New pods would wait for what is missing, longer each time; a running cluster's do not.
  bool const lacks_something = !problems_.empty() || !failures_.empty() || !awaited_.empty();
  if (lacks_something && plan_.next == State::Creating)
    std::erase_if(plan.sets, [](Apply const& set) { return set.uid.empty(); });
  CO_TRY(auto sets, co_await apply_all(std::move(plan.sets), writer));
  note(std::move(sets));
  CO_TRY(auto changed,
         co_await change_all(std::move(plan.removals), std::move(plan.patches), writer));
  note(std::move(changed));
  co_return ok;
}

Writer Pass::writer() const {
  return {.client = tools_.client, .wrote = [this](std::string_view plural, std::string version) {
            tools_.wrote(ref_of(cluster_.metadata), plural, std::move(version));
          }};
}

void Pass::note(Written written) {
  has_moved_ = has_moved_ || written.changes > 0;
  std::ranges::move(written.problems, std::back_inserter(problems_));
  std::ranges::move(written.failures, std::back_inserter(failures_));
  for (auto& [key, applied] : written.applied) {
    if (key.first == kube::kinds::secret.plural) {
      if (auto secret = read_secret(applied.object))
        memory_.findables.secrets.insert_or_assign(key.second, *std::move(secret));
    } else if (key.first == kube::kinds::certificate.plural) {
      if (auto certificate = mapping::decode<CertificateObject>(applied.object))
        memory_.findables.certificate = *std::move(certificate);
    } else {
      memory_.applied.insert_or_assign(
          key, Applied{.digest = applied.digest, .resource_version = version_of(applied.object)});
    }
  }
}

/// All of a stage at once; what a stage has not done ends the pass.
Task<> Pass::tell_servers() {
  for (auto& stage : plan_.stages) {
    bool is_done = true;
    CO_TRY(co_await together([&](TaskGroup& group) {
      for (auto& step : stage) group.spawn(tell_server(std::move(step), is_done));
    }));
    if (!is_done) break;
  }
  co_return ok;
}

Task<> Pass::tell_server(Step step, bool& is_done) {
  auto const kind = kind_of(step);
  json::object fields{
      {"cluster", ref_of(cluster_.metadata).text()}, {"step", kind}, {"what", text_of(step)}};
  auto const* const settings = std::get_if<Configure>(&step);
  bool const is_waiting = is_waiting_for_files(step);
  bool const is_final = settings && !settings->run_id.empty();
  auto const began = tools_.clock.now();
  if (!may_begin(step)) {
    is_done = false;
    co_return ok;
  }
  auto const hurried = settings && !is_final ? std::optional{settings->server.id} : std::nullopt;
  auto done =
      is_final ? co_await tell_settings(*settings) : co_await perform(std::move(step), reach());
  if (auto const* const server = hurried ? view_.find(*hurried) : nullptr)
    memory_.configured.erase(server->run_id);  // it has settings of the moment
  metrics::Seconds const took = tools_.clock.now() - began;
  fields["seconds"] = took.count();
  if (done) {
    has_moved_ = has_moved_ || !is_waiting;
    metrics::step_taken(kind, took);
    logging::info("step done", fields);
    co_return ok;
  }
  auto why = std::move(done).error();
  if (why.fault == Fault::Cancelled) co_return Failure{std::move(why)};
  is_done = false;
  fields["message"] = why.message;
  logging::warning("step not done", fields);
  if (why.fault == Fault::Permanent || why.fault == Fault::Invalid)
    problems_.push_back({is_final ? Trouble::ConfigRefused : Trouble::StepFailed, why.message});
  co_return ok;
}

/// The gate is asked at the last moment, and what was seen long ago decides nothing.
bool Pass::may_begin(Step const& step) {
  auto const now = tools_.clock.now();
  if (!tools_.gate() || now - looked_ > longest_thought) return false;
  auto const* const handing = std::get_if<HandOver>(&step);
  if (!handing) return true;
  std::erase_if(memory_.handed_over,
                [&](auto const& told) { return now - told.second.second >= handing_over; });
  auto& [replica, since] = memory_.handed_over[handing->primary.id];
  if (replica == handing->replica.id) return false;
  replica = handing->replica.id;
  since = now;
  return true;
}

Task<> Pass::tell_settings(Configure step) {
  auto const pod = step.server.pod_name;
  auto const run_id = step.run_id;
  CO_TRY(auto const made, co_await configure(std::move(step), reach()));
  if (!made.refused.empty())
    co_return invalid("spec.config: " + pod + " refuses " + made.refused.front());
  memory_.configured[run_id] = settings_revision(cluster_.spec);
  if (made.need_restart.empty())
    memory_.need_restart.erase(pod);
  else
    memory_.need_restart[pod] = made.need_restart;
  co_return ok;
}

}  // namespace cluster
