#include "common/kube/lease.hpp"

#include "common/json/mapping.hpp"
#include "test/support/present.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <limits>

namespace {

using namespace std::chrono_literals;
using kube::Election;
using kube::Lease;

constexpr Election::Instant noon{1000h};
constexpr kube::Timestamp day{std::chrono::sys_days{std::chrono::year{2030} / 1 / 1}};

kube::ObjectRef const ref{.namespace_name = "system", .name = "operator"};

Election election_of(std::string identity) {
  return Election::create(ref, std::move(identity)).value();
}

Lease held_by(std::string identity, std::int32_t seconds = 15) {
  Lease lease;
  lease.metadata.resource_version = "7";
  lease.spec = {.holder_identity = std::move(identity),
                .lease_duration_seconds = seconds,
                .acquire_time = "2029-12-31T00:00:00.000000Z",
                .renew_time = "2029-12-31T01:00:00.000000Z",
                .lease_transitions = 3};
  return lease;
}

/// One that leads since it asked for the lease at noon.
Election leading() {
  auto election = election_of("a");
  election.granted(held_by("a"), noon, noon + 1s);
  return election;
}

}  // namespace

SCENARIO("a lease that is not there is created") {
  auto election = election_of("a");
  election.saw_none();
  auto const bid = present(election.bid(noon, day));
  CHECK(bid.metadata.resource_version.empty());
  CHECK(mapping::encode(bid.spec) == json::parse(R"({
    "holderIdentity": "a", "leaseDurationSeconds": 15, "leaseTransitions": 0,
    "acquireTime": "2030-01-01T00:00:00.000000Z", "renewTime": "2030-01-01T00:00:00.000000Z"})"));
  CHECK(bid.metadata.name == "operator");
  CHECK(bid.metadata.namespace_ == "system");
  CHECK(!election.leads(noon));
}

SCENARIO("another's lease is left alone until it did not change for as long as it lasts") {
  auto election = election_of("b");
  election.saw(held_by("a"), noon);
  CHECK(!election.bid(noon + 15s - 1ns, day));
  CHECK(election.holder() == "a");
  election.saw(held_by("a"), noon + 10s);  // unchanged
  CHECK(election.bid(noon + 15s, day));
  auto renewed = held_by("a");
  renewed.spec.renew_time = "1999-01-01T00:00:00.000000Z";  // whatever it says
  election.saw(renewed, noon + 14s);
  CHECK(!election.bid(noon + 29s - 1ns, day));
  CHECK(election.bid(noon + 29s, day));
}

SCENARIO("who takes over keeps what the lease is, and counts a transition") {
  auto election = election_of("b");
  election.saw(held_by("a"), noon);
  auto const bid = present(election.bid(noon + 1h, day));
  CHECK(bid.metadata.resource_version == "7");
  CHECK(bid.spec == kube::LeaseSpec{.holder_identity = "b",
                                    .lease_duration_seconds = 15,
                                    .acquire_time = "2030-01-01T00:00:00.000000Z",
                                    .renew_time = "2030-01-01T00:00:00.000000Z",
                                    .lease_transitions = 4});
}

SCENARIO("who renews keeps when it acquired, and counts nothing") {
  auto const bid = present(leading().bid(noon + 2s, day));
  CHECK(bid.spec == kube::LeaseSpec{.holder_identity = "a",
                                    .lease_duration_seconds = 15,
                                    .acquire_time = "2029-12-31T00:00:00.000000Z",
                                    .renew_time = "2030-01-01T00:00:00.000000Z",
                                    .lease_transitions = 3});
}

SCENARIO("who leads has to stop ten seconds after it asked for what was granted") {
  auto const election = leading();
  CHECK(election.leads(noon + 10s - 1ns));
  CHECK(!election.leads(noon + 10s));
  CHECK(election.leads_until() == noon + 10s);
}

SCENARIO("a grant that comes too late leads nowhere") {
  auto election = election_of("a");
  election.granted(held_by("a"), noon, noon + 11s);
  CHECK(!election.leads(noon + 11s));
}

SCENARIO("who sees another's name, or none, does not lead any more") {
  auto election = leading();
  election.saw(held_by("b"), noon + 2s);
  CHECK(!election.leads(noon + 2s));
  election = leading();
  election.saw_none();
  CHECK(!election.leads(noon + 2s));
  election = leading();
  election.stop();
  CHECK(!election.leads(noon + 2s));
}

SCENARIO("our own name alone does not make us lead") {
  auto election = election_of("a");
  election.saw(held_by("a"), noon);  // a write whose answer was lost
  CHECK(!election.leads(noon));
  CHECK(election.bid(noon, day));
}

SCENARIO("only a lease of our own that is new is renewed without a look") {
  CHECK(leading().can_renew_unseen(noon + 16s - 1ns));
  CHECK(!leading().can_renew_unseen(noon + 16s));
  auto other = election_of("b");
  CHECK(!other.can_renew_unseen(noon));
  other.saw(held_by("a"), noon);
  CHECK(!other.can_renew_unseen(noon));
}

SCENARIO("a lease that is released names nobody, and is anybody's at once") {
  auto const released = present(leading().release(day));
  CHECK(mapping::encode(released.spec) == json::parse(R"({
    "leaseDurationSeconds": 1, "leaseTransitions": 3,
    "acquireTime": "2030-01-01T00:00:00.000000Z", "renewTime": "2030-01-01T00:00:00.000000Z"})"));
  CHECK(released.metadata.resource_version == "7");
  auto other = election_of("b");
  other.saw(released, noon);
  CHECK(present(other.bid(noon, day)).spec.lease_transitions == 4);
  CHECK(!other.release(day));
}

SCENARIO("who does not lead waits for a random time, who leads does not") {
  auto const standby = election_of("b");
  CHECK(standby.pause(noon, 0) == 2s);
  CHECK(standby.pause(noon, 0.5) == 3200ms);
  CHECK(leading().pause(noon, 0.5) == 2s);
}

SCENARIO("whatever a lease says does no harm") {
  using Number = std::numeric_limits<std::int32_t>;
  auto election = election_of("b");
  election.saw(held_by("a", Number::max()), noon);
  CHECK(!election.bid(noon + 24h, day));
  election.saw(held_by("a", Number::min()), noon);
  CHECK(election.bid(noon, day));
  auto lease = held_by("");
  lease.spec.lease_transitions = Number::max();
  election.saw(lease, noon);
  CHECK(present(election.bid(noon, day)).spec.lease_transitions == Number::max());
  lease.spec.lease_transitions = Number::min();
  election.saw(lease, noon);
  CHECK(present(election.bid(noon, day)).spec.lease_transitions == 1);
}

SCENARIO("times that cannot work are refused") {
  using kube::ElectionTiming;
  auto const fails = [](std::string const& identity, ElectionTiming const& timing) {
    auto const election = Election::create(ref, identity, timing);
    return !election && election.error().fault == Fault::Invalid;
  };
  CHECK(fails("", {}));
  CHECK(fails("a", {.lease = 10s, .renew_deadline = 10s, .retry_period = 2s}));
  CHECK(fails("a", {.lease = 15s, .renew_deadline = 2400ms, .retry_period = 2s}));
  CHECK(fails("a", {.lease = 15s, .renew_deadline = 10s, .retry_period = 0s}));
  CHECK(fails("a", {.lease = 25h, .renew_deadline = 10s, .retry_period = 2s}));
  CHECK(!fails("a", {.lease = 15s, .renew_deadline = 2401ms, .retry_period = 2s}));
}

SCENARIO("a lease is read as it is served") {
  auto const served = json::parse(R"({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
    "metadata": {"name": "operator", "resourceVersion": "7"},
    "spec": {"holderIdentity": "a", "leaseDurationSeconds": 15, "leaseTransitions": 3,
             "acquireTime": "2029-12-31T00:00:00.000000Z",
             "renewTime": "2029-12-31T01:00:00.000000Z"}})");
  auto const lease = mapping::decode<Lease>(served).value();
  CHECK(lease.spec == held_by("a").spec);
  CHECK(lease.metadata.resource_version == "7");
}
