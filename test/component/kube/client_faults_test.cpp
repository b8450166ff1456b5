#include "common/kube/kinds.hpp"
#include "test/component/faults/proxied.hpp"
#include "test/component/kube/reached.hpp"
#include "test/support/faults/account.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace faults;
using namespace std::chrono_literals;
namespace kinds = kube::kinds;

namespace {

/// A client behind the proxy, and the config map "a" that it is after.
struct Behind : Proxied {
  kube::ObjectRef a{space.name(), "a"};

  Result<json::value> create(Limit answering = 30s) const {
    return asked(answering, [this](kube::Client& client) {
      return client.create(kinds::config_map, a, ::config_map(a, "1"));
    });
  }
  Result<json::value> get(Limit answering = 30s) const {
    return asked(answering,
                 [this](kube::Client& client) { return client.get(kinds::config_map, a); });
  }
  int creations() const { return proxy.reached_server("create", "configmaps"); }

 private:
  using Question = std::function<Task<json::value>(kube::Client&)>;

  Result<json::value> asked(Limit answering, Question question) const {
    Result<json::value> outcome = permanent("not asked");
    auto const work = [](Question& asks, kube::Client& client,
                         Result<json::value>& answer) -> Task<> {
      answer = co_await asks(client);
      co_return ok;
    };
    auto const ran = run(with_client(
        config_for(proxy.address()),
        [&](kube::Client& client) { return work(question, client, outcome); }, answering));
    if (!ran) return Failure{ran.error()};
    return outcome;
  }
};

Match first(std::string verb) { return {.verb = std::move(verb), .resource = "configmaps"}; }

}  // namespace

SCENARIO("a busy server is obeyed, whatever it was asked") {
  Behind world;
  auto busy = respond(429);
  busy.retry_after = "1";
  world.proxy.inject(first("create"), busy);
  CHECK(world.create());
  CHECK(world.proxy.received("create", "configmaps") == 2);
  CHECK(world.creations() == 1);
}

SCENARIO("a server that fails is asked again, but told nothing twice") {
  Behind world;
  for (unsigned const code : {500U, 503U, 504U}) {
    CAPTURE(code);
    auto failing = respond(code);
    failing.retry_after = "1";
    world.proxy.forget_faults();
    world.proxy.inject(first("create"), failing);
    world.proxy.inject(first("get"), failing);
    auto const created = world.create();
    REQUIRE_FALSE(created);
    CHECK(created.error().fault == Fault::Transient);
    auto const read = world.get();
    REQUIRE_FALSE(read);
    CHECK(read.error().fault == Fault::NotFound);
  }
  CHECK(world.creations() == 0);
}

SCENARIO("without a word of when to come again, a failure is the caller's") {
  Behind world;
  for (unsigned const code : {429U, 500U, 503U}) {
    world.proxy.inject(first("get"), respond(code));
    CHECK(world.get().error().fault == Fault::Transient);
    world.proxy.forget_faults();
  }
  CHECK(world.proxy.received("get", "configmaps") == 3);
}

SCENARIO("refusals are told as what they are") {
  Behind world;
  for (auto const& [code, fault] : {std::pair{400U, Fault::Invalid},
                                    {401U, Fault::Permanent},
                                    {403U, Fault::Permanent},
                                    {404U, Fault::NotFound},
                                    {409U, Fault::Conflict},
                                    {410U, Fault::Transient},
                                    {422U, Fault::Invalid}}) {
    CAPTURE(code);
    world.proxy.inject(first("get"), respond(code));
    auto const read = world.get();
    REQUIRE_FALSE(read);
    CHECK(read.error().fault == fault);
    CHECK(read.error().message.starts_with("getting ConfigMap " + world.a.text() + ": "));
    world.proxy.forget_faults();
  }
}

SCENARIO("a connection that is reset before the server saw the request loses nothing") {
  Behind world;
  world.proxy.inject(first("create"), ResetBefore{});
  world.proxy.inject(first("get"), ResetBefore{});
  CHECK(world.create().error().fault == Fault::Transient);
  CHECK(world.creations() == 0);
  CHECK(world.create());
  CHECK(world.get());
  CHECK(world.creations() == 1);
}

SCENARIO("a write whose answer is lost is not written again") {
  for (RequestFault const& fault :
       {RequestFault{ResetAfter{}}, RequestFault{Truncate{20}}, RequestFault{SwallowAnswer{5}}}) {
    Behind world;
    world.proxy.inject(first("create"), fault);
    world.proxy.inject(first("get"), fault);
    auto const created = world.create(2s);
    REQUIRE_FALSE(created);
    CHECK(created.error().fault == Fault::Transient);
    CHECK(world.creations() == 1);
    CHECK(world.get(2s));  // asked twice
    CHECK(world.create().error().fault == Fault::Conflict);
  }
}

SCENARIO("a server that takes a request and says nothing is given up on") {
  Behind world;
  world.proxy.inject({.verb = "create", .resource = "configmaps"}, SwallowRequest{});
  auto const created = world.create(1s);
  REQUIRE_FALSE(created);
  CHECK(created.error() ==
        Error{Fault::Transient, "creating ConfigMap " + world.a.text() + ": no answer within 1 s"});
}

SCENARIO("a page of a middlebox is quoted, and is not taken for an answer") {
  Behind world;
  world.proxy.inject(first("get"), Respond{.status = 502,
                                           .body = "<html><h1>Bad Gateway</h1></html>",
                                           .content_type = "text/html"});
  world.proxy.inject(
      first("get"),
      Respond{.status = 200, .body = "<html>Log in</html>", .content_type = "text/html"});
  world.proxy.inject(
      first("get"),
      Respond{.status = 404, .body = "404 page not found", .content_type = "text/plain"});
  auto const gateway = world.get();
  CHECK(gateway.error().fault == Fault::Transient);
  CHECK(gateway.error().message.contains("Bad Gateway"));
  CHECK(world.get().error().fault == Fault::Transient);
  auto const unserved = world.get();
  CAPTURE(unserved.error().message);
  CHECK(unserved.error().fault == Fault::Permanent);
}

SCENARIO("an answer that trickles in is read to its end") {
  Behind world;
  REQUIRE(world.create());
  world.proxy.inject(first("get"), Trickle{.bytes = 1, .every = 0ms});
  auto const read = world.get();
  REQUIRE(read);
  CHECK(read->at("data").at("value") == "1");
}

SCENARIO("rights that are granted later count at once") {
  Proxied const world;
  Account account{world.control_plane, world.space, "reader"};
  kube::ObjectRef const ref{world.space.name(), "missing"};
  auto const fault = [&] {
    Fault found = Fault::Cancelled;
    (void)run(with_client(config_for(world.control_plane.api_server(), account.token()),
                          [&](kube::Client& client) -> Task<> {
                            auto const read = co_await client.get(kinds::config_map, ref);
                            found = read.error().fault;
                            co_return ok;
                          }));
    return found;
  };
  CHECK(fault() == Fault::Permanent);
  account.grant("get", "configmaps");
  CHECK(fault() == Fault::NotFound);
  account.revoke_token();
  CHECK(fault() == Fault::Permanent);
}
