#include "test/support/faults/account.hpp"

#include "test/support/faults/wire.hpp"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <fmt/core.h>
#include <functional>
#include <utility>

namespace faults {
namespace {

/// A level without seats lets one request through at a time: k8s.io/apiserver
/// util/flowcontrol/fairqueuing/queueset/queueset.go, canAccommodateSeatsLocked.
constexpr std::string_view one_seat = R"({{
  "apiVersion": "flowcontrol.apiserver.k8s.io/v1", "kind": "PriorityLevelConfiguration",
  "metadata": {{"name": "{0}"}},
  "spec": {{"type": "Limited", "limited": {{
    "nominalConcurrencyShares": 0, "borrowingLimitPercent": 0, "limitResponse": {{"type": "Reject"}}}}}}
}}
{{
  "apiVersion": "flowcontrol.apiserver.k8s.io/v1", "kind": "FlowSchema",
  "metadata": {{"name": "{0}"}},
  "spec": {{
    "priorityLevelConfiguration": {{"name": "{0}"}}, "matchingPrecedence": 2,
    "rules": [{{
      "subjects": [{{"kind": "ServiceAccount", "serviceAccount": {{"namespace": "{0}", "name": "{1}"}}}}],
      "nonResourceRules": [{{"verbs": ["*"], "nonResourceURLs": ["*"]}}],
      "resourceRules": [{{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "namespaces": ["*"],
                         "clusterScope": true}}]
    }}]
  }}
}})";

/// Asks again until it is so: each time costs a request, so that this does not spin.
void await(std::string const& what, std::function<bool()> const& is_so) {
  auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  bool so = false;
  while (!(so = is_so()) && std::chrono::steady_clock::now() < deadline) continue;
  INFO(what);
  REQUIRE(so);
}

}  // namespace

Account::Account(ControlPlane const& control_plane, Namespace const& space, std::string name)
    : control_plane_{control_plane}, space_{space.name()}, name_{std::move(name)} {
  ControlPlane::kubectl({"create", "serviceaccount", name_, "--namespace", space_});
  ControlPlane::kubectl({"create", "secret", "generic", name_, "--namespace", space_});
  token_ = ControlPlane::kubectl({"create", "token", name_, "--namespace", space_, "--duration=10m",
                                  "--bound-object-kind=Secret", "--bound-object-name=" + name_});
  while (token_.ends_with('\n')) token_.pop_back();
}

Account::~Account() {
  if (seat_) ControlPlane::try_kubectl({"delete", "flowschema,prioritylevelconfiguration", space_});
}

void Account::revoke_token() const {
  ControlPlane::kubectl({"delete", "secret", name_, "--namespace", space_});
  await("the token is refused", [&] { return is_answered_with("401"); });
}

void Account::grant(std::string const& verbs, std::string const& resource) {
  verb_ = verbs.substr(0, verbs.find(','));
  resource_ = resource;
  ControlPlane::kubectl({"create", "role", name_, "--namespace", space_, "--verb=" + verbs,
                         "--resource=" + resource});
  ControlPlane::kubectl({"create", "rolebinding", name_, "--namespace", space_, "--role=" + name_,
                         "--serviceaccount=" + space_ + ":" + name_});
  await("the rights are there", [&] { return may(); });
}

void Account::revoke_rights() const {
  ControlPlane::kubectl({"delete", "rolebinding,role", name_, "--namespace", space_});
  await("the rights are gone", [&] { return !may(); });
}

void Account::throttle() {
  take_seat();
  ControlPlane::kubectl({"apply", "--filename=-"}, fmt::format(one_seat, space_, name_));
  await("requests are refused", [&] {
    take_seat();
    return is_answered_with("429");
  });
}

void Account::unthrottle() {
  ControlPlane::kubectl({"delete", "flowschema,prioritylevelconfiguration", space_});
  await("requests are answered", [&] { return !is_answered_with("429"); });
  seat_.reset();
}

bool Account::may() const {
  auto const user = fmt::format("--as=system:serviceaccount:{}:{}", space_, name_);
  return ControlPlane::try_kubectl({"auth", "can-i", verb_, resource_, "--namespace", space_, user})
             .status == 0;
}

ApiServer Account::server() const {
  auto server = control_plane_.api_server();
  server.certificate.clear();
  return server;
}

/// Asks what everybody may ask, with a body that never comes.
void Account::take_seat() {
  seat_ = std::make_unique<Wire>(server());
  seat_->send(
      fmt::format("POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews HTTP/1.1\r\n"
                  "Host: api\r\nAuthorization: Bearer {}\r\nContent-Length: 100\r\n"
                  "Content-Type: application/json\r\n\r\n",
                  token_));
}

bool Account::is_answered_with(std::string_view status) const {
  Wire wire{server()};
  wire.ask("GET", "/version", fmt::format("Authorization: Bearer {}\r\n", token_));
  return wire.saw("\r\n") && wire.has(fmt::format("HTTP/1.1 {} ", status));
}

}  // namespace faults
