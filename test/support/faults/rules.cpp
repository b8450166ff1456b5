#include "test/support/faults/rules.hpp"

#include "common/json/json.hpp"
#include "test/support/faults/status.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace faults {
namespace {

bool fits(std::string_view wanted, std::string_view found) {
  if (wanted.starts_with('!')) return wanted.substr(1) != found;
  return wanted.empty() || wanted == found;
}

bool fits(Match const& match, Call const& call) {
  return fits(match.verb, call.verb) && fits(match.resource, call.resource) &&
         fits(match.name, call.name) && call.query.find(match.query) != std::string::npos;
}

template <class Rules, class Fits>
auto decide(Rules& rules, Fits const& fits_match) {
  decltype(std::optional{rules.front().fault}) decided;
  for (auto& rule : rules) {
    if (!fits_match(rule.match)) continue;
    auto const nth = ++rule.seen;
    if (nth < rule.match.first || nth - rule.match.first >= rule.match.times) continue;
    decided = rule.fault;
    break;
  }
  return decided;
}

std::string_view text_at(json::value const& document, std::string_view pointer) {
  boost::system::error_code failure;
  auto const* found = document.find_pointer(pointer, failure);
  return found && found->is_string() ? std::string_view{found->get_string()} : std::string_view{};
}

}  // namespace

Respond respond(unsigned code) { return {.status = code, .body = status_body(code)}; }

Respond refuse_initial_events() { return {.status = 422, .body = initial_events_refused()}; }

End end_with_error(unsigned code) { return {Ending::Proper, error_event(code)}; }

void Script::clear() {
  requests_.clear();
  events_.clear();
}

std::optional<RequestFault> Script::next(Call const& call) {
  return decide(requests_, [&](Match const& match) { return fits(match, call); });
}

std::optional<EventFault> Script::next(std::string_view resource, std::string_view event) {
  boost::system::error_code failure;
  auto const document = json::parse(event, failure);
  auto const type = text_at(document, "/type");
  auto const name = text_at(document, "/object/metadata/name");
  return decide(events_, [&](EventMatch const& match) {
    return fits(match.resource, resource) && fits(match.type, type) && fits(match.name, name);
  });
}

std::string inflated(std::string_view event, std::size_t bytes) {
  auto document = json::parse(event);
  auto& metadata = document.at("object").at("metadata").as_object();
  auto& annotations = metadata["annotations"];
  if (!annotations.is_object()) annotations.emplace_object();
  annotations.as_object()["padding"] = std::string(bytes, 'x');
  return json::serialize(document);
}

}  // namespace faults
