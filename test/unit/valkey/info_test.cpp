#include "common/valkey/info.hpp"

#include "common/valkey/replication.hpp"
#include "test/support/present.hpp"

#include <catch2/catch_test_macros.hpp>

using valkey::Facts;
using valkey::ServerVersion;

namespace {

using namespace std::chrono_literals;

Facts facts(std::string_view text) { return Facts::parse(text).value(); }

constexpr std::string_view primary =
    "# Replication\r\nrole:master\r\nconnected_slaves:3\r\n"
    "slave0:ip=10.0.0.3,port=6379,state=online,offset=123,lag=1,type=replica\r\n"
    "slave1:ip=fd00::1,port=6380,state=wait_bgsave,offset=0,lag=0\r\n"
    "master_repl_offset:124\r\n";

constexpr std::string_view replica =
    "role:slave\r\nmaster_host:10.0.0.2\r\nmaster_port:6379\r\nmaster_link_status:down\r\n"
    "master_last_io_seconds_ago:-1\r\nmaster_sync_in_progress:1\r\nslave_repl_offset:77\r\n"
    "master_link_down_since_seconds:-1\r\nconnected_slaves:0\r\nmaster_repl_offset:78\r\n";

std::string without(std::string_view text, std::string_view name) {
  std::string rest{text};
  auto const begin = rest.find(std::string{name} + ":");
  REQUIRE(begin != std::string::npos);
  return rest.erase(begin, rest.find('\n', begin) + 1 - begin);
}

}  // namespace

SCENARIO("values are read by name, whatever their section") {
  auto const read = facts(
      "# Server\r\nredis_version:7.2.4\r\nvalkey_version:9.1.2\r\n\r\n# Memory\r\nused_memory:5\r\n"
      "mem_fragmentation_ratio:1.25\r\nmonotonic_clock:POSIX: clock_gettime\r\nmodule:a\r\nmodule:"
      "b\r\nempty:\r\n");
  CHECK(read.size() == 7);
  CHECK(read.integer("used_memory").value() == 5);
  CHECK(read.number("mem_fragmentation_ratio").value() == 1.25);
  CHECK(read.text("monotonic_clock").value() == "POSIX: clock_gettime");
  CHECK(read.text("module").value() == "a");
  CHECK(read.text("empty").value().empty());
  CHECK_FALSE(read.find("Server"));
  CHECK(read.integer("role").error() == Error{Fault::NotFound, "the server does not tell role"});
  CHECK(read.integer("module").error() == Error{Fault::Transient, "module is no integer: \"a\""});
  CHECK(read.number("empty").error() == Error{Fault::Transient, "empty is no number: \"\""});
  CHECK_FALSE(facts("a:nan").number("a"));
  CHECK_FALSE(facts("a:9223372036854775808").integer("a"));
}

SCENARIO("what is no such text is refused") {
  CHECK(facts("").size() == 0);
  CHECK(Facts::parse("role:master\nx\x1b\n").error().message ==
        R"(what the server says of itself has the line "x\x1b")");
  CHECK_FALSE(Facts::parse(":1\r\n"));
  CHECK(Facts::parse(std::string(2 << 20, '\n')).error().fault == Fault::Transient);
}

SCENARIO("the version is Valkey's own") {
  CHECK(valkey::version_of(facts("redis_version:7.2.4\r\nvalkey_version:9.1.2\r\n")).value() ==
        ServerVersion{9, 1, 2});
  CHECK(valkey::version_of(facts("redis_version:7.2.4\r\n")).error().fault == Fault::NotFound);
  CHECK(valkey::version_of(facts("valkey_version:9.1\r\n")).error() ==
        Error{Fault::Transient, "valkey_version is no version: \"9.1\""});
}

SCENARIO("versions are ordered as numbers") {
  auto const version = [](std::string_view text) { return ServerVersion::parse(text).value(); };
  CHECK(version("9.1.2") < version("9.1.10"));
  CHECK(version("9.10.0") > version("9.9.9"));
  CHECK(version("10.0.0") > version("9.9.9"));
  CHECK(version("255.255.255").text() == "255.255.255");
  for (auto const* const wrong : {"", "9", "9.1", "9.1.", ".1.2", "9.1.2.3", "9.1.2-rc1", "v9.1.2",
                                  "9.1.-2", "9.1. 2", "4294967296.0.0"}) {
    CAPTURE(wrong);
    CHECK(ServerVersion::parse(wrong).error().fault == Fault::Invalid);
  }
}

SCENARIO("a primary tells of its replicas") {
  auto const read = valkey::replication_of(facts(primary)).value();
  CHECK(read.role == valkey::Role::Primary);
  CHECK(read.offset == 124);
  CHECK_FALSE(read.link);
  REQUIRE(read.replicas.size() == 2);
  CHECK(read.replicas[0] == valkey::AttachedReplica{.address = {.host = "10.0.0.3", .port = 6379},
                                                    .state = "online",
                                                    .offset = 123,
                                                    .lag = 1s});
  CHECK(read.replicas[0].is_online());
  CHECK(read.replicas[1].address.text() == "[fd00::1]:6380");
  CHECK_FALSE(read.replicas[1].is_online());
}

SCENARIO("a replica tells of its primary, and of its own offset") {
  auto const read = valkey::replication_of(facts(replica)).value();
  CHECK(read.role == valkey::Role::Replica);
  CHECK(read.offset == 77);
  CHECK(present(read.link) == valkey::PrimaryLink{.primary = {.host = "10.0.0.2", .port = 6379},
                                                  .status = valkey::PrimaryLink::Status::Down,
                                                  .is_syncing = true,
                                                  .was_up = false,
                                                  .last_word = std::nullopt});
}

SCENARIO("a section on replication that is not whole is refused", "[H11]") {
  for (auto const* const name : {"role", "connected_slaves", "master_repl_offset"})
    CHECK(valkey::replication_of(facts(without(primary, name))).error().fault == Fault::Transient);
  for (auto const* const name :
       {"master_host", "master_port", "master_link_status", "master_sync_in_progress",
        "slave_repl_offset", "master_link_down_since_seconds"})
    CHECK(valkey::replication_of(facts(without(replica, name))).error().fault == Fault::Transient);
  for (std::string const wrong :
       {"role:primary\n", "master_repl_offset:x\n", "slave0:ip=a\n", "slave0:\n",
        "slave0:ip=a,port=70000,state=online,offset=1,lag=0\n", "connected_slaves:-1\n"}) {
    CAPTURE(wrong);
    auto const refused = valkey::replication_of(facts(wrong + std::string{primary}));
    CHECK(refused.error().message.starts_with("INFO replication can't be so: "));
  }
}
