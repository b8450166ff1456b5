#include "webhook/service.hpp"

#include "common/logging.hpp"
#include "webhook/admission.hpp"

#include <algorithm>

namespace webhook {
namespace {

std::string_view path_of(net::Request const& request) {
  std::string_view const target = request.target;
  return target.substr(0, target.find('?'));
}

/// The type may have parameters, and be written in any case.
bool is_json(net::Request const& request) {
  auto const type = request.headers.find("Content-Type");
  return type && net::same_name(type->substr(0, type->find(';')), "application/json");
}

/// A line for each no: who, which, and by what. Never the object.
void log(Admission const& admission) {
  auto const& verdict = admission.judgement.verdict;
  if (verdict.is_allowed || !admission.request) return;
  auto const& request = *admission.request;
  auto const denied_by = verdict.audit_annotations.find("denied-by");
  logging::info("denied", {{"uid", request.uid},
                           {"user", request.user},
                           {"operation", mapping::encode_text(request.operation)},
                           {"namespace", request.namespace_name},
                           {"name", request.name},
                           {"policies", denied_by != verdict.audit_annotations.end()
                                            ? std::string_view{denied_by->second}
                                            : std::string_view{"schema"}}});
}

void count(Admission const& admission) {
  for (auto const& [policy, mode] : admission.judgement.outcomes)
    metrics::policy_spoke(policy, mapping::encode_text(mode));
}

}  // namespace

Service::Service(LiveRules const& rules) : rules_{rules} {
  for (auto const& policy : all_policies())
    for (auto const mode : {Mode::Deny, Mode::Warn, Mode::Audit})
      metrics::policy_declared(policy.name, mapping::encode_text(mode));
}

net::Response Service::answer(net::Request const& request) const {
  auto const path = path_of(request);
  bool const is_mutation = path == "/mutate";
  if (!is_mutation && path != "/validate")
    return net::plain_text(404, "there are /mutate and /validate\n");
  if (request.method != "POST") return net::plain_text(405, "only POST\n");
  if (!is_json(request)) return net::plain_text(415, "only application/json\n");

  auto const& measured = is_mutation ? mutating_ : validating_;
  measured.began();
  auto const start = std::chrono::steady_clock::now();
  auto admission = is_mutation ? mutate(request.body) : validate(request.body, *rules_.current());
  count(admission);
  log(admission);
  measured.answered(admission.response.status, std::chrono::steady_clock::now() - start);
  return std::move(admission.response);
}

}  // namespace webhook
