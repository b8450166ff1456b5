#include "common/valkey/topology.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>
#include <rapidcheck.h>

namespace {

namespace gen = rc::gen;
using valkey::Health;
using valkey::LinkState;
using valkey::Node;
using valkey::NodeId;
using valkey::OpenSlot;
using valkey::Role;
using valkey::Slot;
using valkey::slot_count;
using valkey::Topology;

NodeId id_of(std::size_t number) { return NodeId::parse(fmt::format("{:040x}", number)).value(); }

std::string flags_of(Node const& node) {
  std::string flags;
  if (node.is_myself) flags += "myself,";
  if (node.is_primary()) flags += "master,";
  if (node.is_replica()) flags += "slave,";
  if (node.health == Health::Suspected) flags += "fail?,";
  if (node.health == Health::Failed) flags += "fail,";
  if (node.is_in_handshake) flags += "handshake,";
  if (node.has_no_address) flags += "noaddr,";
  if (node.never_fails_over) flags += "nofailover,";
  for (auto const& flag : node.unknown_flags) flags += flag + ",";
  if (flags.empty()) return "noflags";
  flags.pop_back();
  return flags;
}

std::string address_of(valkey::AnnouncedAddress const& address) {
  auto text = fmt::format("{}:{}@{}", address.ip, address.port, address.bus_port);
  if (!address.hostname.empty() || !address.metadata.empty()) text += "," + address.hostname;
  for (auto const& [key, value] : address.metadata) text += fmt::format(",{}={}", key, value);
  return text;
}

/// As clusterGenNodeDescription() writes it.
std::string written(Node const& node) {
  auto const milliseconds = [](std::optional<Node::Moment> const& moment) {
    return moment ? moment->time_since_epoch().count() : 0;
  };
  auto line =
      fmt::format("{} {} {} {} {} {} {} {}", node.id.text(), address_of(node.address),
                  flags_of(node), node.primary ? node.primary->text() : "-",
                  milliseconds(node.ping_sent), milliseconds(node.pong_received), node.config_epoch,
                  node.link == LinkState::Connected ? "connected" : "disconnected");
  if (!node.slots.empty()) line += " " + node.slots.text();
  for (auto const& open : node.open_slots)
    line +=
        fmt::format(" [{}-{}-{}]", open.slot,
                    open.direction == OpenSlot::Direction::Migrating ? '>' : '<', open.peer.text());
  return line + "\n";
}

std::optional<Node::Moment> any_moment() {
  auto const count = *gen::inRange<std::int64_t>(0, 2'000'000'000'000);
  if (count == 0) return std::nullopt;
  return Node::Moment{std::chrono::milliseconds{count}};
}

Node any_node(std::size_t number, std::size_t nodes) {
  Node node;
  node.id = id_of(number);
  node.address = {.ip = *gen::element<std::string>("10.0.0.1", "fd00::1", "", "vk-0.vk.svc"),
                  .port = *gen::arbitrary<std::uint16_t>(),
                  .bus_port = *gen::arbitrary<std::uint16_t>(),
                  .hostname = *gen::element<std::string>("", "vk-0.vk.svc"),
                  .metadata = {}};
  if (*gen::arbitrary<bool>()) node.address.metadata = {{"shard-id", "a"}, {"zone", ""}};
  node.role = *gen::element<std::optional<Role>>(Role::Primary, Role::Replica, std::nullopt);
  node.health = *gen::element(Health::Good, Health::Suspected, Health::Failed);
  node.is_in_handshake = *gen::arbitrary<bool>();
  node.has_no_address = *gen::arbitrary<bool>();
  node.never_fails_over = *gen::arbitrary<bool>();
  if (*gen::arbitrary<bool>()) node.unknown_flags = {"quantum", "fail??"};
  if (node.is_replica()) node.primary = id_of(*gen::inRange<std::size_t>(0, nodes));
  node.ping_sent = any_moment();
  node.pong_received = any_moment();
  node.config_epoch = *gen::arbitrary<std::uint64_t>();
  node.link = *gen::element(LinkState::Connected, LinkState::Disconnected);
  if (*gen::arbitrary<bool>())
    node.open_slots = {
        {.slot = *gen::inRange<Slot>(0, slot_count),
         .direction = *gen::element(OpenSlot::Direction::Migrating, OpenSlot::Direction::Importing),
         .peer = id_of(*gen::inRange<std::size_t>(0, nodes))}};
  return node;
}

/// Nodes of a cluster, each slot of which has one owner or none.
std::vector<Node> any_nodes() {
  auto const count = *gen::inRange<std::size_t>(1, 8);
  std::vector<Node> nodes;
  nodes.reserve(count);
  for (std::size_t number = 0; number < count; ++number) nodes.push_back(any_node(number, count));
  nodes[*gen::inRange<std::size_t>(0, count)].is_myself = true;
  for (auto moves = *gen::inRange(0, 32); moves > 0; --moves) {
    auto const first = *gen::inRange<std::size_t>(0, slot_count);
    auto const last = std::min(first + *gen::inRange<std::size_t>(0, 300), slot_count - 1);
    valkey::SlotSet const slots{
        {.first = static_cast<Slot>(first), .last = static_cast<Slot>(last)}};
    for (auto& node : nodes) node.slots = node.slots - slots;
    auto& owner = nodes[*gen::inRange<std::size_t>(0, count)];
    owner.slots = owner.slots | slots;
  }
  return nodes;
}

std::string written(std::vector<Node> const& nodes) {
  std::string text;
  for (auto const& node : nodes) text += written(node);
  return text;
}

}  // namespace

TEST_CASE("a view that is written reads as the same, however slots lie", "[H5][H22]") {
  CHECK(rc::check([] {
    auto const nodes = any_nodes();
    auto const view = Topology::parse(written(nodes));
    RC_ASSERT((view ? "" : view.error().message) == "");
    RC_ASSERT(view->nodes() == nodes);
    RC_ASSERT(view->myself().is_myself);
  }));
}

TEST_CASE("a view in which a slot has one more owner is refused", "[H22]") {
  CHECK(rc::check([] {
    auto nodes = any_nodes();
    auto const slot = *gen::inRange<Slot>(0, slot_count);
    auto usurper = any_node(nodes.size(), nodes.size());
    nodes[*gen::inRange<std::size_t>(0, nodes.size())].slots.insert(slot);
    usurper.slots.insert(slot);
    nodes.push_back(usurper);
    RC_ASSERT(!Topology::parse(written(nodes)));
  }));
}
