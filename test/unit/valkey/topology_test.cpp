#include "common/valkey/topology.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

using valkey::Health;
using valkey::LinkState;
using valkey::Node;
using valkey::NodeId;
using valkey::OpenSlot;
using valkey::Role;
using valkey::Topology;

namespace {

using namespace std::chrono_literals;

std::string digits(char digit) { return std::string(NodeId::length, digit); }
NodeId id(char digit) { return NodeId::parse(digits(digit)).value(); }

/// A line of a primary; the defaults are those of a healthy one without slots.
struct Line {
  char id = 'a';
  std::string address = "10.0.0.1:6379@16379";
  std::string flags = "master";
  std::string primary = "-";
  std::string times = "0 1700000000123";
  std::string epoch = "1";
  std::string rest = "connected";

  std::string text() const {
    return fmt::format("{} {} {} {} {} {} {}\n", digits(id), address, flags, primary, times, epoch,
                       rest);
  }
};

std::string const only_me = Line{.flags = "myself,master"}.text();

Node node(Line const& line) {
  auto parsed = Node::parse(std::string_view{line.text()}.substr(0, line.text().size() - 1));
  CHECK((parsed ? "" : parsed.error().message).empty());
  return parsed.value();
}

/// Why a view is refused.
std::string refusal(std::string const& view) {
  auto const refused = Topology::parse(view);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == Fault::Transient);
  return refused.error().message;
}

/// Why a view with this line beside a good one is refused.
std::string refusal(Line const& line) { return refusal(only_me + line.text()); }

}  // namespace

SCENARIO("every field of a node is read") {
  auto const read = node(
      {.address = "10.0.0.7:6379@16379,vk-0.vk.svc,shard-id=abc,x=",
       .flags = "myself,slave,fail?,nofailover,quantum",
       .primary = digits('b'),
       .times = "1700000000001 1700000000002",
       .epoch = "18446744073709551615",
       .rest = "disconnected 0-5 7 16383 [8->-" + digits('c') + "] [9-<-" + digits('d') + "]"});
  Node expected;
  expected.id = id('a');
  expected.address = {.ip = "10.0.0.7",
                      .port = 6379,
                      .bus_port = 16379,
                      .hostname = "vk-0.vk.svc",
                      .metadata = {{"shard-id", "abc"}, {"x", ""}}};
  expected.role = Role::Replica;
  expected.health = Health::Suspected;
  expected.is_myself = true;
  expected.never_fails_over = true;
  expected.unknown_flags = {"quantum"};
  expected.primary = id('b');
  expected.ping_sent = Node::Moment{1700000000001ms};
  expected.pong_received = Node::Moment{1700000000002ms};
  expected.config_epoch = 18446744073709551615U;
  expected.link = LinkState::Disconnected;
  expected.slots = valkey::SlotSet::parse("0-5 7 16383").value();
  expected.open_slots = {{8, OpenSlot::Direction::Migrating, id('c')},
                         {9, OpenSlot::Direction::Importing, id('d')}};
  CHECK(read == expected);
}

SCENARIO("a suspected node is neither healthy nor failed", "[H5]") {
  CHECK(node({.flags = "master"}).health == Health::Good);
  CHECK(node({.flags = "master,fail?"}).health == Health::Suspected);
  CHECK(node({.flags = "master,fail"}).health == Health::Failed);
  CHECK(node({.flags = "fail,fail?,master"}).health == Health::Failed);
  CHECK(node({.flags = "master,failing"}).health == Health::Good);
}

SCENARIO("nodes that have not been met, or have lost their address, are read") {
  auto const unmet = node({.address = ":7000@17000", .flags = "myself,master"});
  CHECK(unmet.address.ip.empty());
  CHECK(unmet.address.port == 7000);
  auto const handshake = node({.flags = "handshake", .times = "1700000000123 0"});
  CHECK(handshake.is_in_handshake);
  CHECK_FALSE(handshake.role);
  CHECK_FALSE(handshake.pong_received);
  auto const lost = node({.address = ":0@0", .flags = "master,fail,noaddr"});
  CHECK(lost.has_no_address);
  CHECK(node({.flags = "noflags"}).unknown_flags.empty());
}

SCENARIO("addresses of any kind are told apart from ports", "[H6]") {
  CHECK(node({.address = "fd00::1:7000@17000"}).address.ip == "fd00::1");
  CHECK(node({.address = "::1:7000@17000,host"}).address.hostname == "host");
  CHECK(node({.address = "vk-0.vk.svc:7000@17000,"}).address.ip == "vk-0.vk.svc");
  CHECK(node({.address = "10.0.0.1:7000@17000,,shard-id=a"}).address.metadata.size() == 1);
}

SCENARIO("a view answers by id and by slot") {
  auto const view =
      Topology::parse(Line{.id = 'b', .flags = "slave", .primary = digits('a')}.text() +
                      Line{.flags = "myself,master", .rest = "connected 0-99 200"}.text() +
                      Line{.id = 'c', .flags = "master,fail?", .rest = "connected 100"}.text() +
                      Line{.id = 'd', .flags = "slave,fail", .primary = digits('a')}.text() +
                      Line{.id = 'e', .flags = "slave", .primary = digits('c')}.text())
          .value();
  CHECK(view.nodes().size() == 5);
  CHECK(view.myself().id == id('a'));
  REQUIRE(view.find(id('c')));
  CHECK(view.find(id('c'))->health == Health::Suspected);
  CHECK(view.find(id('f')) == nullptr);
  CHECK(view.covered().text() == "0-100 200");
  REQUIRE(view.owner_of(200));
  CHECK(view.owner_of(200)->id == id('a'));
  CHECK(view.owner_of(101) == nullptr);
  auto const replicas = view.replicas_of(id('a'));
  REQUIRE(replicas.size() == 2);
  CHECK(replicas[0]->id == id('b'));
  CHECK(replicas[1]->id == id('d'));
  CHECK(view.replicas_of(id('b')).empty());
}

SCENARIO("a view ends with or without a line's end") {
  auto const trimmed = only_me.substr(0, only_me.size() - 1);
  CHECK(Topology::parse(trimmed).value().nodes() == Topology::parse(only_me).value().nodes());
  CHECK(Topology::parse(trimmed + "\r\n\r\n").value().nodes().size() == 1);
}

SCENARIO("a view that contradicts itself is refused as a whole") {
  CHECK(refusal(Line{}) ==
        "CLUSTER NODES can't be believed: node " + digits('a') + " is there twice");
  CHECK(refusal(Line{.id = 'b', .flags = "myself,slave"}) ==
        "CLUSTER NODES can't be believed: two nodes are the one that was asked");
  CHECK(refusal(Line{}.text()) ==
        "CLUSTER NODES can't be believed: no node is the one that was asked");
  CHECK(refusal("") == "CLUSTER NODES can't be believed: no node is the one that was asked");
  CHECK(refusal(only_me + Line{.id = 'b', .rest = "connected 5-9"}.text() +
                Line{.id = 'c', .rest = "connected 0-4 7-11"}.text()) ==
        "CLUSTER NODES can't be believed: slots 7-9 have two owners");
}

SCENARIO("a view with a line that is none is refused as a whole") {
  std::string const good = digits('b');
  for (Line const& wrong : {
           Line{.id = 'G'},
           Line{.id = 'b', .address = "10.0.0.1"},
           Line{.id = 'b', .address = "10.0.0.1:6379"},
           Line{.id = 'b', .address = "10.0.0.1@16379"},
           Line{.id = 'b', .address = "10.0.0.1:65536@1"},
           Line{.id = 'b', .address = "10.0.0.1:1@x"},
           Line{.id = 'b', .address = "a:1@1,h,nothing"},
           Line{.id = 'b', .address = "a:1@1,h,x=1,x=2"},
           Line{.id = 'b', .flags = "master,slave"},
           Line{.id = 'b', .flags = ""},
           Line{.id = 'b', .primary = "+"},
           Line{.id = 'b', .primary = good.substr(1)},
           Line{.id = 'b', .times = "-1 0"},
           Line{.id = 'b', .times = "0 9223372036854775808"},
           Line{.id = 'b', .epoch = "18446744073709551616"},
           Line{.id = 'b', .epoch = "1e3"},
           Line{.id = 'b', .rest = "linked"},
           Line{.id = 'b', .rest = ""},
           Line{.id = 'b', .rest = "connected 16384"},
           Line{.id = 'b', .rest = "connected 5-4"},
           Line{.id = 'b', .rest = "connected 5 5"},
           Line{.id = 'b', .rest = "connected x"},
           Line{.id = 'b', .rest = "connected 1  2"},
           Line{.id = 'b', .rest = "connected [5->-" + good},
           Line{.id = 'b', .rest = "connected [5-=-" + good + "]"},
           Line{.id = 'b', .rest = "connected [16384->-" + good + "]"},
           Line{.id = 'b', .rest = "connected [5->-b]"},
           Line{.id = 'b', .rest = "connected [5]"},
           Line{.id = 'b', .rest = "connected ["},
       }) {
    CAPTURE(wrong.text());
    CHECK(refusal(wrong).contains(" in CLUSTER NODES is \""));
  }
  for (std::string const wrong : {"x", "ERR no", "\xff"})
    CHECK(refusal(only_me + wrong).contains(" in CLUSTER NODES is \""));
}

SCENARIO("what is cut off anywhere is refused, or is another node's whole line less") {
  auto const view =
      only_me + Line{.id = 'b', .rest = "connected 100-200 [8->-" + digits('a') + "]"}.text();
  for (std::size_t length = 0; length < view.size(); ++length) {
    CAPTURE(length);
    auto const read = Topology::parse(view.substr(0, length));
    if (read) CHECK((read->nodes().size() == 1 || read->nodes()[1].link == LinkState::Connected));
  }
}

SCENARIO("a view of more nodes, flags or text than any cluster has is refused") {
  std::string crowd = only_me;
  for (int number = 0; number < 4096; ++number)
    crowd += fmt::format("{:040x} a:1@1 slave - 0 0 0 connected\n", number);
  CHECK(refusal(crowd) == "CLUSTER NODES can't be believed: there are too many nodes");
  CHECK(refusal(std::string(5 << 20, '\n')) == "CLUSTER NODES can't be believed: it is too long");
  std::string flags = "master";
  for (int number = 0; number < 32; ++number) flags += ",x";
  CHECK(refusal(Line{.id = 'b', .flags = flags}).starts_with("a list of flags in CLUSTER NODES"));
}

SCENARIO("ids are compared as text, and only true ones are taken") {
  CHECK(id('a') < id('b'));
  CHECK(id('a').text() == digits('a'));
  CHECK(NodeId{}.text() == digits('0'));
  for (auto const& wrong : {std::string{}, digits('A'), digits('g'), digits('a') + "a"})
    CHECK(NodeId::parse(wrong).error().fault == Fault::Invalid);
}
