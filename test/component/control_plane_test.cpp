#include "test/support/control_plane.hpp"

#include "test/support/faults/account.hpp"
#include "test/support/faults/wire.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/core.h>
#include <utility>

using namespace faults;
using namespace std::chrono_literals;
using enum ControlPlane::Component;

namespace {

/// Asks for the namespace's config maps with the account's token, and nothing else.
bool is_answered(ControlPlane const& plane, Namespace const& space, Account const& account,
                 std::string_view status) {
  auto server = plane.api_server();
  server.certificate.clear();
  Wire wire{server};
  wire.ask("GET", fmt::format("/api/v1/namespaces/{}/configmaps", space.name()),
           fmt::format("Authorization: Bearer {}\r\n", account.token()));
  wire.saw("\r\n\r\n");
  INFO(wire.received());
  return wire.has(fmt::format("HTTP/1.1 {} ", status));
}

ApiServer trusting(ApiServer server, std::string const& authority) {
  server.authority = authority;
  return server;
}

}  // namespace

TEST_CASE("each namespace is another, and takes nothing more when its test is over") {
  ControlPlane plane;
  std::string first;
  {
    Namespace const space;
    first = space.name();
    Namespace const other;
    CHECK(other.name() != first);
  }
  CHECK(ControlPlane::kubectl({"get", "namespace", first, "--output=jsonpath={.status.phase}"}) ==
        "Terminating");
}

TEST_CASE("a paused API server accepts connections and says nothing until it goes on") {
  ControlPlane plane;
  Wire wire{plane.api_server()};
  plane.pause(KubeApiServer);
  wire.ask("GET", "/version");
  CHECK(wire.state_after(100ms) == Wire::State::Open);
  CHECK(wire.received().empty());
  plane.start(KubeApiServer);
  CHECK(wire.saw("gitVersion"));
}

TEST_CASE("an API server that is killed resets its connections, and one that stops closes them") {
  ControlPlane plane;
  Wire wire{plane.api_server()};
  SECTION("killed") { plane.kill(KubeApiServer); }
  SECTION("stopped") { plane.stop(KubeApiServer); }
  CHECK(wire.state_after() != Wire::State::Open);
  CHECK_FALSE(Wire{plane.api_server()}.refusal().empty());
  plane.start(KubeApiServer);
  CHECK(Wire{plane.api_server()}.refusal().empty());
}

TEST_CASE("what a test has broken is mended for the next") {
  {
    ControlPlane plane;
    plane.stop(KubeApiServer);
    plane.kill(Etcd);
  }
  ControlPlane const plane;
  CHECK(ControlPlane::kubectl({"get", "--raw", "/readyz"}) == "ok");
}

TEST_CASE("the past is gone after compaction and a restart") {
  ControlPlane plane;
  ControlPlane::compact();
  ControlPlane::restart(KubeApiServer);
  Wire wire{plane.api_server()};
  wire.ask("GET", "/api/v1/namespaces?watch=1&resourceVersion=5");
  CHECK(wire.saw(R"("code":410)"));
}

TEST_CASE("the API server's authority changes for clients that trust both, and only for them") {
  ControlPlane plane;
  auto const& server = plane.api_server();
  auto old_only = trusting(server, ControlPlane::first_authority());
  auto new_only = trusting(server, ControlPlane::next_authority());
  if (!Wire{old_only}.refusal().empty()) std::swap(old_only, new_only);
  CHECK(Wire{old_only}.refusal().empty());
  ControlPlane::rotate_authority();
  CHECK(Wire{old_only}.refusal().contains("certificate verify failed"));
  CHECK(Wire{new_only}.refusal().empty());
  CHECK(Wire{server}.refusal().empty());
  ControlPlane::rotate_authority();
  CHECK(Wire{old_only}.refusal().empty());
}

TEST_CASE("an account's rights come and go") {
  ControlPlane plane;
  Namespace const space;
  Account account{plane, space, "robot"};
  CHECK(is_answered(plane, space, account, "403"));
  account.grant("list,watch", "configmaps");
  CHECK(is_answered(plane, space, account, "200"));
  account.revoke_rights();
  CHECK(is_answered(plane, space, account, "403"));
}

TEST_CASE("an account's requests can be refused for want of a seat, and nobody else's") {
  ControlPlane plane;
  Namespace const space;
  Account account{plane, space, "robot"};
  account.grant("list", "configmaps");
  account.throttle();
  CHECK(is_answered(plane, space, account, "429"));
  CHECK(ControlPlane::kubectl({"get", "--raw", "/readyz"}) == "ok");
  account.unthrottle();
  CHECK(is_answered(plane, space, account, "200"));
}

TEST_CASE("a token that is revoked is no longer one") {
  ControlPlane plane;
  Namespace const space;
  Account account{plane, space, "robot"};
  CHECK(is_answered(plane, space, account, "403"));
  account.revoke_token();
  CHECK(is_answered(plane, space, account, "401"));
}
