#include "common/kube/lease.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>
#include <variant>
#include <vector>

namespace {

using namespace std::chrono_literals;
using kube::Election;
using kube::Lease;

constexpr kube::Timestamp day{std::chrono::sys_days{std::chrono::year{2030} / 1 / 1}};

/// One object as an API server keeps it: a write has to name the version that it replaces.
class Server {
 public:
  std::optional<Lease> const& lease() const { return lease_; }
  bool write(Lease lease) {
    if ((lease_ ? lease_->metadata.resource_version : "") != lease.metadata.resource_version)
      return false;
    lease.metadata.resource_version = std::to_string(++version_);
    lease_ = std::move(lease);
    return true;
  }

 private:
  std::optional<Lease> lease_;
  int version_ = 0;
};

/// A program that wants to lead. It has at most one request on its way, which may take any time
/// both to the server and back, and whose answer may be lost. Its clock runs as fast as others.
class Elector {
 public:
  Elector(std::string identity, Election::Duration offset)
      : election_{Election::create({"system", "operator"}, std::move(identity)).value()},
        offset_{offset} {}

  bool leads(Election::Instant time) const { return election_.leads(time + offset_); }

  void step(Election::Instant time, Server& server) {
    auto const now = time + offset_;
    if (!request_)
      ask(now);
    else if (!answer_)
      reach(server);
    else
      listen(now);
  }
  /// Gives up waiting. A write that has not reached the server may still do so, at any time.
  void lose_answer(std::vector<Lease>& strays) {
    if (request_ && request_->write && !answer_) strays.push_back(*request_->write);
    request_.reset();
    answer_.reset();
    looked_ = false;
  }
  /// Asks for the lease to be given up, as if all work had stopped.
  void release(Election::Instant time) {
    if (request_ || !election_.leads(time + offset_)) return;
    auto const lease = election_.release(day + wall_);
    election_.stop();
    if (lease) request_ = Request{lease, time + offset_};
  }

 private:
  struct Request {
    std::optional<Lease> write;  ///< or else a look
    Election::Instant asked;
  };

  void ask(Election::Instant now) {
    wall_ += 1us;
    bool const may_bid = looked_ || election_.can_renew_unseen(now);
    auto bid = may_bid ? election_.bid(now, day + wall_) : std::nullopt;
    looked_ = false;
    request_ = Request{std::move(bid), now};
  }
  void reach(Server& server) {
    if (!request_) return;
    granted_ = request_->write && server.write(*request_->write);
    answer_ = server.lease();
    is_there_ = answer_.has_value();
    if (!answer_) answer_.emplace();
  }
  void listen(Election::Instant now) {
    if (!request_ || !answer_) return;
    if (!request_->write) {
      is_there_ ? election_.saw(*answer_, now) : election_.saw_none();
      looked_ = true;
    } else if (granted_) {
      election_.granted(*answer_, request_->asked, now);
    }
    request_.reset();
    answer_.reset();
  }

  Election election_;
  Election::Duration offset_;
  std::chrono::microseconds wall_{};
  std::optional<Request> request_;
  std::optional<Lease> answer_;
  bool is_there_ = false;
  bool granted_ = false;
  bool looked_ = false;
};

std::vector<Elector> electors() {
  std::vector<Elector> all;
  auto const count = *rc::gen::inRange(2, 4);
  all.reserve(3);
  for (int index = 0; index < count; ++index)
    all.emplace_back(std::string(1, static_cast<char>('a' + index)),
                     std::chrono::milliseconds{*rc::gen::inRange(0, 1'000'000)});
  return all;
}

void any_interleaving(int& terms) {
  Server server;
  std::vector<Lease> strays;
  auto all = electors();
  Election::Instant time{1000h};
  auto const steps = *rc::gen::inRange(0, 300);
  for (int step = 0; step < steps; ++step) {
    auto& elector = all[*rc::gen::inRange<std::size_t>(0, all.size())];
    switch (*rc::gen::weightedElement<int>({{12, 0}, {6, 1}, {1, 2}, {1, 3}, {1, 4}})) {
      case 0:
        elector.step(time, server);
        break;
      case 1:
        time += std::chrono::milliseconds{*rc::gen::inRange(0, 4000)};
        break;
      case 2:
        elector.lose_answer(strays);
        break;
      case 3:
        if (strays.empty()) break;
        (void)server.write(strays.back());
        strays.pop_back();
        break;
      default:
        elector.release(time);
    }
    auto const leaders =
        std::ranges::count_if(all, [&](Elector const& each) { return each.leads(time); });
    RC_ASSERT(leaders <= 1);
    terms += leaders == 1;
  }
}

void one_survivor() {
  Server server;
  auto all = electors();
  Election::Instant time{1000h};
  auto const steps = *rc::gen::inRange(0, 100);
  for (int step = 0; step < steps; ++step) {
    all[*rc::gen::inRange<std::size_t>(0, all.size())].step(time, server);
    time += std::chrono::milliseconds{*rc::gen::inRange(0, 1000)};
  }
  auto& survivor = all.front();
  bool led = false;
  for (int second = 0; second < 20; ++second) {
    for (int step = 0; step < 6; ++step) survivor.step(time, server);
    led = led || survivor.leads(time);
    time += 1s;
  }
  RC_ASSERT(led);
}

}  // namespace

TEST_CASE("however their steps interleave, and however long one is frozen, no two lead at once") {
  int terms = 0;
  CHECK(rc::check([&terms] { any_interleaving(terms); }));
  CHECK(terms > 0);  // or it would say little
}

TEST_CASE("whatever happened before, who is left alone leads within a lease and a few requests") {
  CHECK(rc::check(one_survivor));
}
