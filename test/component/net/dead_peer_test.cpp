#include "common/async/notice.hpp"
#include "common/kube/session.hpp"
#include "test/support/listener.hpp"
#include "test/support/process.hpp"
#include "test/support/run.hpp"
#include "test/support/waiting.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fcntl.h>
#include <fmt/core.h>
#include <map>
#include <sched.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using kube::Retries;

void ran(std::vector<std::string> command) {
  auto const ended = Process{std::move(command)}.wait();
  INFO(ended.errors);
  REQUIRE(ended.status == 0);
}

/// A network of its own for the sockets that this thread opens, with nothing but a loopback device.
class OwnNetwork {
 public:
  OwnNetwork() : outside_{open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)} {
    REQUIRE(outside_ >= 0);
    REQUIRE(unshare(CLONE_NEWNET) == 0);
    ran({"ip", "link", "set", "lo", "up"});
  }
  OwnNetwork(OwnNetwork const&) = delete;
  OwnNetwork& operator=(OwnNetwork const&) = delete;
  ~OwnNetwork() {
    (void)setns(outside_, CLONE_NEWNET);
    close(outside_);
  }

  /// From now on every packet is lost, and nobody is told.
  static void lose_packets() { ran({"tc", "qdisc", "add", "dev", "lo", "root", "blackhole"}); }

 private:
  int outside_;
};

/// Answers /answered, begins to answer /watch, takes all else, and stays.
Task<> conversation(net::Stream stream, Notice& asked) {
  CO_TRY(auto const head, co_await read_until(stream, "\r\n\r\n"));
  if (head.starts_with("GET /answered "))
    CO_TRY(co_await stream.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  if (head.starts_with("GET /watch "))
    CO_TRY(co_await stream.write(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nevent\r\n"));
  asked.give();
  co_return co_await forever();
}

Task<> peer(Listener& listener, Notice& asked, TaskGroup& group) {
  while (true) {
    CO_TRY(auto stream, co_await listener.next());
    group.spawn(conversation(std::move(stream), asked));
  }
}

net::Request question(std::string target) {
  return {.target = std::move(target), .headers = {}, .body = {}};
}

Task<> exchange(kube::Session& session, std::string target) {
  CO_TRY(co_await session.exchange(question(std::move(target)), Retries::None));
  co_return ok;
}

Task<> next_event(net::Incoming& watch) {
  CO_TRY(co_await watch.next(3min));
  co_return ok;
}

/// How long after the packets were lost each of those who wait for the peer was told.
struct Told {
  Clock::Instant lost;
  std::map<std::string, Clock::Duration> after;
};

Task<> told(std::string what, Task<> waiting, Told& told) {
  auto const outcome = co_await guarded(std::move(waiting));
  told.after[what] = system_clock().now() - told.lost;
  CAPTURE(what);
  CHECK((outcome ? "" : outcome.error().message) == "Connection timed out");
  co_return ok;
}

/// Loses the peer while it owes an event of a watch and the answer to a request that it has, and
/// when it has not got the next request yet.
Task<> lose_peer(kube::Session& session, Notice& asked, Told& all) {
  CO_TRY(auto watch, co_await session.open(question("/watch"), Retries::None));
  CO_TRY(auto const event, co_await watch.next(5s));
  CHECK(event == "event");
  CO_TRY(co_await together([&](TaskGroup& group) {
    group.spawn(told("a watch", next_event(watch), all));
    group.spawn(told("an answer", exchange(session, "/taken"), all));
    group.spawn([](kube::Session& asking, Notice& heard, Told& noticed) -> Task<> {
      CO_TRY(co_await heard.after(1));  // the other request is there
      CO_TRY(co_await exchange(asking, "/answered"));
      OwnNetwork::lose_packets();
      noticed.lost = system_clock().now();
      co_return co_await told("a request", exchange(asking, "/answered"), noticed);
    }(session, asked, all));
  }));
  co_return cancelled();
}

Task<> scene(Told& all) {
  Listener listener{co_await asio::this_coro::executor};
  kube::Config config;
  config.server = {
      .scheme = kube::Server::Scheme::Http, .endpoint = listener.endpoint(), .path = {}};
  CO_TRY(auto const session,
         kube::Session::create(std::move(config), {.user_agent = "test", .answering = 3min},
                               system_clock(), {}));
  Notice asked;
  auto const outcome = co_await together([&](TaskGroup& group) {
    group.spawn(peer(listener, asked, group));
    group.spawn(lose_peer(*session, asked, all));
  });
  CHECK(outcome.error().fault == Fault::Cancelled);
  co_return ok;
}

}  // namespace

SCENARIO("a peer that is gone without a word is noticed within 45 s", "[.nightly]") {
  OwnNetwork const network;
  Told all;
  REQUIRE(run(within(2min, scene(all))));
  CHECK(all.after.size() == 3);
  for (auto const& [what, after] : all.after) {
    CAPTURE(what, after);
    CHECK(after <= 45s);
  }
}
