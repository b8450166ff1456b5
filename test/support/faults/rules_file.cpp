#include "test/support/faults/rules_file.hpp"

#include "common/json/mapping.hpp"
#include "common/kube/duration.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/json/parse.hpp>

template <>
struct mapping::Codec<std::chrono::milliseconds> {
  static Result<> decode(json::value const& source, Path const& path,
                         std::chrono::milliseconds& target) {
    auto const* const text = source.if_string();
    auto const time = kube::parse_duration(text ? std::string_view{*text} : std::string_view{});
    if (!time) return mismatch(path, "a time such as \"1.5s\"", source);
    target = std::chrono::duration_cast<std::chrono::milliseconds>(*time);
    return ok;
  }
  static json::value encode(std::chrono::milliseconds source) {
    return json::string{kube::format_duration(source)};
  }
};

namespace faults {

BOOST_DESCRIBE_STRUCT(Match, (), (verb, resource, name, query, first, times))
BOOST_DESCRIBE_STRUCT(EventMatch, (), (resource, type, name, first, times))
BOOST_DESCRIBE_STRUCT(Respond, (), (status, body, content_type, retry_after))
BOOST_DESCRIBE_STRUCT(Delay, (), (by))
BOOST_DESCRIBE_STRUCT(ResetBefore, (), ())
BOOST_DESCRIBE_STRUCT(ResetAfter, (), ())
BOOST_DESCRIBE_STRUCT(Truncate, (), (bytes))
BOOST_DESCRIBE_STRUCT(Trickle, (), (bytes, every))
BOOST_DESCRIBE_STRUCT(SwallowRequest, (), ())
BOOST_DESCRIBE_STRUCT(SwallowAnswer, (), (after))
BOOST_DESCRIBE_STRUCT(Rewind, (), (resource_version))
BOOST_DESCRIBE_STRUCT(Drop, (), ())
BOOST_DESCRIBE_STRUCT(Repeat, (), ())
BOOST_DESCRIBE_STRUCT(Inflate, (), (bytes))
BOOST_DESCRIBE_ENUM(Ending, Proper, WithoutLastChunk, WithinEvent, Reset)
BOOST_DESCRIBE_STRUCT(End, (), (how, last_words))

namespace {

struct RequestRule {
  Match match;
  std::optional<Respond> respond;
  std::optional<Delay> delay;
  std::optional<ResetBefore> reset_before;
  std::optional<ResetAfter> reset_after;
  std::optional<Truncate> truncate;
  std::optional<Trickle> trickle;
  std::optional<SwallowRequest> swallow_request;
  std::optional<SwallowAnswer> swallow_answer;
  std::optional<Rewind> rewind;
};
BOOST_DESCRIBE_STRUCT(RequestRule, (),
                      (match, respond, delay, reset_before, reset_after, truncate, trickle,
                       swallow_request, swallow_answer, rewind))

struct EventRule {
  EventMatch match;
  std::optional<Drop> drop;
  std::optional<Repeat> repeat;
  std::optional<Inflate> inflate;
  std::optional<End> end;
};
BOOST_DESCRIBE_STRUCT(EventRule, (), (match, drop, repeat, inflate, end))

struct RulesFile {
  std::vector<RequestRule> requests;
  std::vector<EventRule> events;
};
BOOST_DESCRIBE_STRUCT(RulesFile, (), (requests, events))

/// A rule for nothing, because a field is misspelt, would be one for everything: each field of
/// `written` has to be in `read` as well.
Result<> all_known(json::value const& written, json::value const& read, mapping::Path const& path) {
  if (auto const* const list = written.if_array(); list && read.is_array())
    for (std::size_t i = 0; i < list->size(); ++i)
      TRY(all_known((*list)[i], read.get_array()[i], path.element(i)));
  auto const* const object = written.if_object();
  if (!object || !read.is_object()) return ok;
  for (auto const& [key, value] : *object) {
    if (value.is_null()) continue;
    auto const* const known = read.get_object().if_contains(key);
    if (!known) return invalid(path.member(key).text() + ": there is no such field");
    TRY(all_known(value, *known, path.member(key)));
  }
  return ok;
}

/// The one fault that a rule has.
template <class Fault, class... Kinds>
Result<Fault> only(mapping::Path const& rule, std::optional<Kinds> const&... kinds) {
  std::vector<Fault> found;
  ((kinds ? found.push_back(*kinds) : void()), ...);
  if (found.size() != 1)
    return invalid(rule.text() + ": needs one fault, found " + std::to_string(found.size()));
  return found.front();
}

Result<Script> script_of(RulesFile const& file) {
  Script script;
  auto const root = mapping::Path{""};
  auto const requests = root.member("requests");
  for (std::size_t i = 0; i < file.requests.size(); ++i) {
    auto const& [match, responded, delay, before, after, truncate, trickle, request, answer, past] =
        file.requests[i];
    TRY(auto fault, only<RequestFault>(requests.element(i), responded, delay, before, after,
                                       truncate, trickle, request, answer, past));
    if (auto* const answers = std::get_if<Respond>(&fault); answers && answers->body.empty())
      answers->body = respond(answers->status).body;
    script.add(match, std::move(fault));
  }
  auto const events = root.member("events");
  for (std::size_t i = 0; i < file.events.size(); ++i) {
    auto const& [match, drop, repeat, inflate, end] = file.events[i];
    TRY(auto fault, only<EventFault>(events.element(i), drop, repeat, inflate, end));
    script.add(match, std::move(fault));
  }
  return script;
}

}  // namespace

Result<Script> parse_rules(std::string_view text) {
  boost::system::error_code failure;
  auto const document = json::parse(text, failure);
  if (failure) return invalid("not JSON: " + failure.message());
  TRY(auto const file, mapping::decode<RulesFile>(document));
  TRY(all_known(document, mapping::encode(file), mapping::Path{""}));
  return script_of(file);
}

}  // namespace faults
