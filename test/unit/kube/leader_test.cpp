#include "common/kube/leader.hpp"

#include "common/async/grace.hpp"
#include "test/support/captured_errors.hpp"
#include "test/support/scripted_api.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <regex>

namespace {

using namespace std::chrono_literals;
using kube::Leader;
using Texts = std::vector<std::string>;

/// A deadline of ten seconds, and a bit: so that nothing else waits for as long as a request does.
constexpr kube::ElectionTiming timing{.renew_deadline = 10'002ms};
constexpr Clock::Duration request_limit = 5'001ms;

/// The lease as an API server keeps it, one that refuses whatever a test wants.
class KeptLease {
 public:
  json::object& spec() { return spec_; }
  std::string holder() const {
    auto const* const name = spec_.if_contains("holderIdentity");
    return name ? std::string{name->as_string()} : "";
  }

  void hold(std::string_view other) {
    spec_ = {{"holderIdentity", other}, {"leaseDurationSeconds", 15}};
    ++version_;
  }
  void remove() {
    spec_.clear();
    version_ = 0;
  }

  net::Response answer(net::Request const& request) {
    if (refuses_all) return refusal(503, "ServiceUnavailable");
    bool const is_there = version_ > 0;
    if (request.method == "GET") return is_there ? served() : refusal(404, "NotFound");
    if (conflicts > 0) {
      --conflicts;
      return refusal(409, "Conflict");
    }
    auto const body = json::parse(request.body).as_object();
    if (request.method == "PATCH" &&
        body.at("metadata").at("resourceVersion") != json::string{std::to_string(version_)})
      return refusal(409, "Conflict");
    if (!is_there) spec_.clear();
    for (auto const& [key, value] : body.at("spec").as_object()) spec_[key] = value;
    ++version_;
    return served();
  }

  bool refuses_all = false;
  int conflicts = 0;

 private:
  net::Response served() const {
    return json_answer(
        {{"metadata", {{"resourceVersion", std::to_string(version_)}}}, {"spec", spec_}});
  }

  json::object spec_;
  int version_ = 0;
};

class World {
  ManualLoop loop_;

 public:
  World() = default;
  World(World const&) = delete;
  World& operator=(World const&) = delete;
  ~World() {
    if (!is_started_) return;
    lease.refuses_all = true;
    task_.cancel();
    while (task_.is_running()) advance(1s);
  }

  ScriptedApi& api() { return api_; }
  ManualClock& clock() { return loop_.clock(); }
  bool leads() const { return leader->leads(); }
  bool is_running() const { return task_.is_running(); }
  Result<> const& outcome() const { return task_.outcome(); }

  void start() {
    task_ = loop_.start(leader->lead([this] { return work(); }));
    is_started_ = true;
    rest();
  }
  void cancel() {
    task_.cancel();
    rest();
  }
  void await_end() {
    REQUIRE(loop_.until([this] { return !is_running(); }));
  }
  /// Lets time pass, a request at a time.
  void advance(Clock::Duration by) {
    for (auto const end = clock().now() + by; clock().now() < end;) {
      auto const next = std::min(clock().earliest().value_or(end), end);
      loop_.advance(next - clock().now());
      rest();
    }
  }
  /// Waits until no request is under way but those that are swallowed.
  void rest() {
    auto const is_at_rest = [this] {
      auto const now = clock().now();
      bool const hangs = api_.swallowed_at() && now < *api_.swallowed_at() + request_limit;
      return hangs || !clock().is_awaited(now + request_limit);
    };
    do REQUIRE(loop_.until(is_at_rest));
    while (!is_at_rest());
  }

  CapturedErrors errors;
  KeptLease lease;
  bool is_working = false;
  Notice asked_to_end;
  Clock::Duration ending = 0s;          ///< how long work takes once it is asked to
  std::optional<Result<>> ends_itself;  ///< how work ends as soon as it looks
  std::string holder_when_gone;         ///< who held the lease when the work was gone

 private:
  /// Looks about each second, and ends in peace within 30 s.
  Task<> work() {
    is_working = true;
    auto outcome =
        co_await guarded(with_grace(clock(), 30s, [this] { asked_to_end.give(); }, until_asked()));
    is_working = false;
    holder_when_gone = lease.holder();
    co_return outcome;
  }
  Task<> until_asked() {
    while (asked_to_end.given() == 0) {
      if (ends_itself) co_return *ends_itself;
      auto const outcome = co_await within(clock(), 1s, asked_to_end.after(0));
      if (!outcome && outcome.error().fault == Fault::Cancelled) co_return outcome;
    }
    CO_TRY(co_await clock().until(clock().now() + ending));
    co_return cancelled();
  }

  ScriptedApi api_{loop_,
                   [this](net::Request const& request) { return lease.answer(request); },
                   {},
                   {},
                   {.user_agent = "test", .patience = Limit::zero()}};

 public:
  std::unique_ptr<Leader> leader =
      Leader::create(api_.client(), loop_.clock(),
                     {.lease = {"system", "lease"}, .identity = "a", .timing = timing})
          .value();

 private:
  ManualLoop::Started<void> task_;
  bool is_started_ = false;
};

std::size_t count(Texts const& texts, std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(texts, text));
}

}  // namespace

TEST_CASE("who finds no lease creates it, works, and renews it without a look") {
  World world;
  CHECK_FALSE(world.leads());
  CHECK(world.leader->gate().error().message == "not the leader by the lease system/lease");
  world.start();
  CHECK(world.leads());
  CHECK(world.leader->gate());
  CHECK(world.is_working);
  CHECK(world.lease.holder() == "a");
  world.advance(60s);
  CHECK(world.leads());
  CHECK(world.api().asked().size() == 2 + 30);
  CHECK(count(world.api().asked(), "PATCH lease") == 30);
  CHECK(world.errors.text().find("became leader") != std::string::npos);
  CHECK(metrics::exposition().contains("leader_election_master_status{name=\"lease\"} 1"));
  world.cancel();
  CHECK(metrics::exposition().contains("leader_election_master_status{name=\"lease\"} 0"));
}

TEST_CASE("who waits takes over what does not change for as long as it lasts") {
  World world;
  world.lease.hold("b");
  world.start();
  world.advance(14s);
  CHECK_FALSE(world.leads());
  CHECK_FALSE(world.is_working);
  CHECK(world.lease.holder() == "b");
  world.advance(6s);
  CHECK(world.leads());
  CHECK(world.lease.spec().at("leaseTransitions") == 1);
}

TEST_CASE("who is cancelled before it asked for the lease asks for nothing any more") {
  World world;
  world.lease.hold("b");
  world.start();
  auto const asked = world.api().asked().size();
  world.cancel();
  REQUIRE_FALSE(world.is_running());
  CHECK(world.outcome().error().fault == Fault::Cancelled);
  CHECK(world.api().asked().size() == asked);
}

TEST_CASE("a lease that was taken just before, or can't be read, is not ours") {
  World world;
  world.lease.conflicts = 1;
  world.start();
  CHECK_FALSE(world.leads());
  world.lease.hold("b");
  world.lease.spec()["leaseTransitions"] = "many";
  world.advance(5s);
  CHECK_FALSE(world.leads());
  CHECK(world.errors.text().find("Lease.spec.leaseTransitions: expected") != std::string::npos);
}

TEST_CASE("one call that hangs does not cost the lease") {
  World world;
  world.start();
  world.api().swallow(1);
  for (int second = 0; second < 30; ++second) {
    world.advance(1s);
    CHECK(world.leads());
  }
  CHECK(world.asked_to_end.given() == 0);
  CHECK(count(world.api().asked(), "GET lease") == 2);
}

TEST_CASE("who can't renew the lease is cancelled at the deadline, whatever hangs, and ends") {
  World world;
  world.start();
  world.api().swallow(100);
  world.advance(timing.renew_deadline - 1ms);
  CHECK(world.leads());
  CHECK(world.is_working);
  world.advance(1ms);
  CHECK_FALSE(world.leads());
  CHECK_FALSE(world.leader->gate());
  CHECK_FALSE(world.is_working);
  CHECK(world.errors.text().find("lost leadership") != std::string::npos);
  world.advance(5s);  // to give the lease up
  REQUIRE_FALSE(world.is_running());
  CHECK(world.outcome().error() ==
        Error{Fault::Permanent, "lost the lease system/lease: it was not renewed in time"});
  CHECK_FALSE(world.leads());
}

TEST_CASE("work that would end in peace gets no time for it when the lease is lost") {
  World world;
  world.ending = 20s;
  world.start();
  world.lease.refuses_all = true;
  world.advance(timing.renew_deadline);
  CHECK(world.asked_to_end.given() > 0);
  CHECK(world.is_working);
  world.advance(200ms);
  CHECK_FALSE(world.is_working);
}

TEST_CASE("who sees another's name, or no lease any more, ends at once and takes nothing") {
  World world;
  world.start();
  SECTION("another's") { world.lease.hold("b"); }
  SECTION("another's that is over already") {
    world.lease.hold("b");
    world.lease.spec()["leaseDurationSeconds"] = 0;
  }
  SECTION("none") { world.lease.remove(); }
  auto const asked = world.api().asked().size();
  world.advance(2s);
  REQUIRE_FALSE(world.is_running());
  CHECK(world.outcome().error().fault == Fault::Permanent);
  CHECK_FALSE(world.is_working);
  CHECK(world.lease.holder() != "a");
  Texts const now{world.api().asked().begin() + static_cast<std::ptrdiff_t>(asked),
                  world.api().asked().end()};
  CHECK(now == Texts{"PATCH lease", "GET lease", "GET lease"});
}

TEST_CASE("who was frozen may not write, even before it knows that it was") {
  World world;
  world.start();
  world.clock().advance(timing.renew_deadline);
  CHECK(world.is_working);
  CHECK_FALSE(world.leads());
  CHECK(world.leader->gate().error().fault == Fault::Permanent);
  world.lease.hold("b");
  world.rest();
  CHECK_FALSE(world.is_working);
  CHECK_FALSE(world.is_running());
  CHECK(world.lease.holder() == "b");
}

TEST_CASE("who is told to stop renews the lease until its work is gone, and gives it up then") {
  World world;
  world.ending = 20s;
  world.start();
  world.cancel();
  CHECK(world.asked_to_end.given() > 0);
  for (int second = 0; second < 19; ++second) {
    world.advance(1s);
    CHECK(world.leads());
    CHECK(world.lease.holder() == "a");
  }
  world.lease.conflicts = 2;
  world.advance(2s);
  REQUIRE_FALSE(world.is_running());
  CHECK(world.outcome().error().fault == Fault::Cancelled);
  CHECK(world.holder_when_gone == "a");
  CHECK(world.lease.holder().empty());
  CHECK(world.lease.spec().at("leaseDurationSeconds") == 1);
  CHECK_FALSE(world.leads());
}

TEST_CASE("a lease that is lost while work ends in peace cuts that short") {
  World world;
  world.ending = 25s;
  world.start();
  world.cancel();
  world.advance(2s);
  world.lease.hold("b");
  world.advance(2s + 200ms);
  CHECK_FALSE(world.is_working);
  REQUIRE_FALSE(world.is_running());
  CHECK(world.outcome().error().fault == Fault::Permanent);
  CHECK(world.lease.holder() == "b");
}

TEST_CASE(
    "a renewal that is under way when work ends does not keep the lease from being given up") {
  World world;
  world.start();
  world.api().swallow(1);
  world.advance(2s);
  world.cancel();
  world.await_end();
  CHECK(world.lease.holder().empty());
}

TEST_CASE("a lease that can't be given up at first is given up when it can") {
  World world;
  world.start();
  world.lease.refuses_all = true;
  world.cancel();
  world.advance(4s);
  CHECK_FALSE(world.is_working);
  CHECK(world.is_running());
  world.lease.refuses_all = false;
  world.advance(1s);
  REQUIRE_FALSE(world.is_running());
  CHECK(world.lease.holder().empty());
}

TEST_CASE("who is cancelled while it gives the lease up says so") {
  World world;
  world.start();
  world.ends_itself = ok;
  world.lease.refuses_all = true;
  world.advance(1s);
  REQUIRE(world.is_running());
  world.cancel();
  world.lease.refuses_all = false;
  world.advance(1s);
  REQUIRE_FALSE(world.is_running());
  CHECK(world.outcome().error().fault == Fault::Cancelled);
  CHECK(world.lease.holder().empty());
}

TEST_CASE("a lease that can't be given up is left after five seconds") {
  World world;
  world.start();
  world.api().swallow(100);
  world.cancel();
  CHECK_FALSE(world.is_working);
  world.advance(5s - 1ms);
  CHECK(world.is_running());
  world.advance(1ms);
  REQUIRE_FALSE(world.is_running());
  CHECK(world.outcome().error().fault == Fault::Cancelled);
  CHECK(world.errors.text().find("lease not given up") != std::string::npos);
}

TEST_CASE("work that ends by itself gives the lease up, and its outcome counts") {
  World world;
  world.start();
  auto const failure = GENERATE(std::optional<Error>{}, Error{Fault::Transient, "no cache"});
  world.ends_itself = failure ? Result<>{Failure{*failure}} : ok;
  world.advance(1s);
  REQUIRE_FALSE(world.is_running());
  CHECK(world.outcome().has_value() == !failure);
  if (failure) CHECK(world.outcome().error() == *failure);
  CHECK(world.lease.holder().empty());
  CHECK_FALSE(world.leads());
}

TEST_CASE("what others say in the lease stays as it is") {
  World world;
  world.lease.hold("");
  world.lease.spec()["strategy"] = "OldestEmulationVersion";
  world.start();
  CHECK(world.leads());
  world.cancel();
  CHECK(world.lease.holder().empty());
  CHECK(world.lease.spec().at("strategy") == "OldestEmulationVersion");
}

TEST_CASE("work that goes on long after the lease was lost is no good health") {
  World world;
  CHECK(world.leader->check());
  world.start();
  world.advance(60s);
  CHECK(world.leader->check());
  world.clock().advance(35s);  // nothing runs, as if it hung
  CHECK(world.leader->check());
  world.clock().advance(1s);
  CHECK(world.leader->check().error().message == "the lease system/lease was renewed 36 s ago");
  world.rest();
  CHECK(world.leader->check());  // it is gone
}

TEST_CASE("an identity is that of a machine and a process") {
  auto const one = kube::new_identity();
  REQUIRE(one);
  CHECK(std::regex_match(*one, std::regex{"[^_]+_[0-9a-f-]{36}"}));
  CHECK(*kube::new_identity() != *one);
}

TEST_CASE("times that can't work are refused") {
  ManualLoop loop;
  ScriptedApi api{loop, [](net::Request const&) { return net::Response{}; }};
  auto const made = Leader::create(
      api.client(), loop.clock(),
      {.lease = {"system", "lease"}, .identity = "a", .timing = {.renew_deadline = 1min}});
  CHECK(made.error().fault == Fault::Invalid);
}
