#include "common/valkey/node.hpp"

#include "common/ascii.hpp"
#include "common/valkey/number.hpp"
#include "common/valkey/printable.hpp"

#include <algorithm>

namespace valkey {
namespace {

/// More than any version has; what is kept of a line is bounded by these.
constexpr std::size_t most_flags = 32;
constexpr std::size_t most_metadata = 32;

Failure wrong(std::string_view what, std::string_view text) {
  return transient(std::string{what} + " in CLUSTER NODES is \"" + printable(text) + "\"");
}

/// What stands before the next `separator`, which goes, too.
std::string_view take(std::string_view& rest, char separator) {
  auto const part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

template <class Number>
Result<Number> number_in(std::string_view what, std::string_view text) {
  auto const number = ascii::is_digits(text) ? parsed<Number>(text) : std::nullopt;
  if (!number) return wrong(what, text);
  return *number;
}

Result<NodeId> id_in(std::string_view what, std::string_view text) {
  auto id = NodeId::parse(text);
  if (!id) return wrong(what, text);
  return id;
}

/// "10.0.0.1:6379@16379,host,shard-id=..."; an IPv6 address has no brackets.
Result<AnnouncedAddress> address_in(std::string_view text) {
  AnnouncedAddress address;
  auto rest = text;
  auto const place = take(rest, ',');
  auto const at = place.rfind('@');
  auto const colon = place.substr(0, at).rfind(':');
  if (at == std::string_view::npos || colon == std::string_view::npos)
    return wrong("an address", text);
  address.ip = place.substr(0, colon);
  TRY(address.port, number_in<std::uint16_t>("a port", place.substr(colon + 1, at - colon - 1)));
  TRY(address.bus_port, number_in<std::uint16_t>("a bus port", place.substr(at + 1)));
  address.hostname = take(rest, ',');
  while (!rest.empty()) {
    auto const pair = take(rest, ',');
    auto const equals = pair.find('=');
    bool const is_pair = equals != std::string_view::npos;
    if (!is_pair || address.metadata.size() >= most_metadata ||
        !address.metadata.emplace(pair.substr(0, equals), pair.substr(equals + 1)).second)
      return wrong("an address", text);
  }
  return address;
}

Result<> take_role(Node& node, Role role, std::string_view flags) {
  if (node.role) return wrong("who is two things at once", flags);
  node.role = role;
  return ok;
}

Result<> take_flag(Node& node, std::string_view flag, std::string_view flags) {
  if (flag == "master") return take_role(node, Role::Primary, flags);
  if (flag == "slave") return take_role(node, Role::Replica, flags);
  if (flag == "myself")
    node.is_myself = true;
  else if (flag == "fail?")
    node.health = std::max(node.health, Health::Suspected);
  else if (flag == "fail")
    node.health = Health::Failed;
  else if (flag == "handshake")
    node.is_in_handshake = true;
  else if (flag == "noaddr")
    node.has_no_address = true;
  else if (flag == "nofailover")
    node.never_fails_over = true;
  else if (flag != "noflags")
    node.unknown_flags.emplace_back(flag);
  return ok;
}

Result<> take_flags(Node& node, std::string_view flags) {
  if (flags.empty() || std::ranges::count(flags, ',') >= std::ptrdiff_t{most_flags})
    return wrong("a list of flags", flags);
  for (auto rest = flags; !rest.empty();) TRY(take_flag(node, take(rest, ','), flags));
  return ok;
}

Result<std::optional<Node::Moment>> moment_in(std::string_view text) {
  TRY(auto const since_epoch, number_in<std::int64_t>("a time", text));
  if (since_epoch == 0) return std::nullopt;
  return Node::Moment{std::chrono::milliseconds{since_epoch}};
}

/// "[5->-id]" on its way to another node, "[5-<-id]" from there.
Result<OpenSlot> open_slot_in(std::string_view text) {
  using enum OpenSlot::Direction;
  constexpr std::size_t arrow = 3;
  auto const inner = text.substr(1, text.size() - 2);
  auto const dash = std::min(inner.find('-'), inner.size());
  auto const direction = inner.substr(dash, arrow);
  auto const slot = SlotRange::parse(inner.substr(0, dash));
  if (!text.ends_with(']') || !slot || (direction != "->-" && direction != "-<-"))
    return wrong("an open slot", text);
  TRY(auto const peer, id_in("the peer of an open slot", inner.substr(dash + arrow)));
  return OpenSlot{
      .slot = slot->first, .direction = direction == "->-" ? Migrating : Importing, .peer = peer};
}

Result<> take_slots(Node& node, std::string_view text) {
  if (text.starts_with('[')) {
    TRY(auto const open, open_slot_in(text));
    node.open_slots.push_back(open);
    return ok;
  }
  auto const range = SlotRange::parse(text);
  if (!range || node.slots.shares_any(SlotSet{*range})) return wrong("a range of slots", text);
  node.slots.insert(*range);
  return ok;
}

Result<LinkState> link_in(std::string_view text) {
  if (text == "connected") return LinkState::Connected;
  if (text == "disconnected") return LinkState::Disconnected;
  return wrong("the state of a link", text);
}

}  // namespace

Result<NodeId> NodeId::parse(std::string_view text) {
  bool const is_id = text.size() == length && std::ranges::all_of(text, [](char letter) {
                       return ascii::is_digit(letter) || ('a' <= letter && letter <= 'f');
                     });
  if (!is_id) return invalid("\"" + printable(text) + "\" is no id of a node");
  NodeId id;
  std::ranges::copy(text, id.digits_.begin());
  return id;
}

Result<Node> Node::parse(std::string_view line) {
  Node node;
  TRY(node.id, id_in("an id", take(line, ' ')));
  TRY(node.address, address_in(take(line, ' ')));
  TRY(take_flags(node, take(line, ' ')));
  if (auto const primary = take(line, ' '); primary != "-") {
    TRY(node.primary, id_in("the id of a primary", primary));
  }
  TRY(node.ping_sent, moment_in(take(line, ' ')));
  TRY(node.pong_received, moment_in(take(line, ' ')));
  TRY(node.config_epoch, number_in<std::uint64_t>("a config epoch", take(line, ' ')));
  TRY(node.link, link_in(take(line, ' ')));
  while (!line.empty()) TRY(take_slots(node, take(line, ' ')));
  return node;
}

}  // namespace valkey
