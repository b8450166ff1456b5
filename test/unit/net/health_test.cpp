#include "common/net/health.hpp"

#include "common/logging.hpp"
#include "test/support/captured_errors.hpp"

#include <catch2/catch_test_macros.hpp>

using net::Health;
using net::Request;
using net::Response;

namespace {

Response asked(Health const& health, std::string target, std::string method = "GET") {
  return health.answer(
      {.method = std::move(method), .target = std::move(target), .headers = {}, .body = {}});
}

}  // namespace

SCENARIO("a process says whether it is well, and what is not") {
  Health health;
  Result<> synced = transient("pods are not listed yet");
  health.add_liveness("ping", [] { return ok; });
  health.add_readiness("ping", [] { return ok; });
  health.add_readiness("caches", [&] { return synced; });

  GIVEN("a check that fails") {
    THEN("readiness fails and says why, and liveness does not") {
      auto const ready = asked(health, "/readyz");
      CHECK(ready.status == 503);
      CHECK(ready.body ==
            "[+]ping ok\n[-]caches failed: pods are not listed yet\nreadyz check failed\n");
      CHECK(asked(health, "/healthz").status == 200);
      CHECK(asked(health, "/livez").body == "ok");
    }
    THEN("each check can be asked alone, or left out") {
      CHECK(asked(health, "/readyz/ping").status == 200);
      CHECK(asked(health, "/readyz/caches").status == 503);
      CHECK(asked(health, "/readyz/other").status == 404);
      CHECK(asked(health, "/readyz?exclude=caches").status == 200);
    }
  }
  GIVEN("that all is well") {
    synced = ok;
    THEN("details are given only when they are asked for") {
      CHECK(asked(health, "/readyz").body == "ok");
      CHECK(asked(health, "/readyz?verbose").body ==
            "[+]ping ok\n[+]caches ok\nreadyz check passed\n");
      CHECK(asked(health, "/readyz?exclude=caches&verbose=true").body ==
            "[+]ping ok\n[+]caches excluded: ok\nreadyz check passed\n");
    }
  }
  THEN("other paths and methods are refused") {
    for (auto const* const path : {"/", "/readyzz", "", "/?", "*", "/healthz/"}) {
      CAPTURE(path);
      CHECK(asked(health, path).status == (std::string_view{path} == "/healthz/" ? 200 : 404));
    }
    CHECK(asked(health, "/readyz", "POST").status == 405);
    CHECK(asked(health, "/metrics").body == "there are /healthz, /livez, /readyz and /loglevel\n");
  }
}

TEST_CASE("metrics are told at /metrics") {
  auto const told = net::metrics_answer({.target = "/metrics", .headers = {}, .body = {}});
  CHECK(told.status == 200);
  CHECK(told.headers.find("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(told.body.contains("process_resident_memory_bytes"));
  CHECK(net::metrics_answer({.target = "/", .headers = {}, .body = {}}).status == 404);
  CHECK(net::metrics_answer({.method = "PUT", .target = "/metrics", .headers = {}, .body = {}})
            .status == 405);
}

SCENARIO("the level of the log is changed while the process runs") {
  auto const put = [](std::string level, std::string peer, std::string method = "PUT") {
    return net::log_level_answer({.request = {.method = std::move(method),
                                              .target = "/loglevel",
                                              .headers = {},
                                              .body = std::move(level)},
                                  .peer = {std::move(peer), 40000}})
        .status;
  };
  THEN("a level that exists counts from then on") {
    CHECK(put("error", "127.0.0.1") == 200);
    CapturedErrors const captured;
    logging::info("nobody hears this");
    CHECK(put("info", "::1") == 200);
    logging::info("heard");
    CHECK(put("info", "::ffff:127.0.0.1") == 200);
    CHECK(put("info", "::ffff:7f00:1") == 200);
    CHECK(put("info", "127.9.9.9") == 200);
    CHECK_FALSE(captured.text().contains("nobody"));
    CHECK(captured.text().contains("\"heard\""));
  }
  THEN("all else is refused") {
    CHECK(put("loud", "127.0.0.1") == 400);
    CHECK(put("debug", "10.1.2.3") == 403);
    for (auto const* const stranger :
         {"", "::", "::ffff:10.1.2.3", "::ffff:127.0.0.1:1", "::7f00:1"})
      CHECK(put("debug", stranger) == 403);
    CHECK(put("debug", "127.0.0.1", "GET") == 405);
  }
}
