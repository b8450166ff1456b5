#include "common/yaml.hpp"

#include "common/ascii.hpp"
#include "common/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace yaml {
namespace {

constexpr std::size_t most_bytes = std::size_t{4} << 20U;
constexpr std::size_t most_levels = 64;
constexpr std::size_t most_weight = std::size_t{32} << 20U;
constexpr std::size_t weight_of_node = 32;  // about what one takes in memory, without its text

Failure wrong(YAML::Mark const& mark, std::string const& what) {
  if (mark.is_null()) return invalid(what);
  return invalid("line " + std::to_string(mark.line + 1) + ", column " +
                 std::to_string(mark.column + 1) + ": " + what);
}

template <class T>
std::optional<T> number(std::string_view text, int base) {
  T parsed{};
  auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), parsed, base);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return parsed;
}

template <class T>
std::optional<json::value> as_value(std::optional<T> const& found) {
  if (!found) return std::nullopt;
  return json::value(*found);  // braces would make it a list of one
}

std::optional<json::value> integer(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0o")) {
    auto const found = number<std::uint64_t>(text.substr(2), text[1] == 'x' ? 16 : 8);
    return as_value(found);
  }
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.starts_with('-')) {
    auto const found = number<std::int64_t>(text, 10);
    return as_value(found);
  }
  if (auto const small = number<std::int64_t>(text, 10)) return json::value(*small);
  auto const large = number<std::uint64_t>(text, 10);
  return as_value(large);
}

/// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool looks_like_float(std::string_view text) {
  auto const skip_sign = [&] {
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  };
  auto const skip_digits = [&] {
    auto const count =
        static_cast<std::size_t>(std::ranges::find_if_not(text, ascii::is_digit) - text.begin());
    text.remove_prefix(count);
    return count;
  };
  skip_sign();
  auto digits = skip_digits();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    digits += skip_digits();
  }
  if (digits == 0) return false;
  if (text.empty()) return true;
  if (!text.starts_with('e') && !text.starts_with('E')) return false;
  text.remove_prefix(1);
  skip_sign();
  return skip_digits() > 0 && text.empty();
}

/// Infinity and NaN, and what is too large.
bool is_beyond_json(std::string_view text) {
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return true;
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return text == ".inf" || text == ".Inf" || text == ".INF";
}

/// What a plain scalar means (YAML 1.2, 10.3.2); nothing if it has no meaning in JSON.
std::optional<json::value> resolved(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
    return json::value();
  if (text == "true" || text == "True" || text == "TRUE") return json::value(true);
  if (text == "false" || text == "False" || text == "FALSE") return json::value(false);
  if (is_beyond_json(text)) return std::nullopt;
  if (auto found = integer(text)) return found;
  if (!looks_like_float(text)) return json::value(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double parsed = 0;
  auto const failure = std::from_chars(text.data(), text.data() + text.size(), parsed).ec;
  if (failure != std::errc{} || !std::isfinite(parsed)) return std::nullopt;
  return json::value(parsed);
}

/// Builds the value from the parser's events. After a failure it ignores the rest, of which there
/// is no more than the input is long: aliases are replaced here.
class Builder final : public YAML::EventHandler {
 public:
  bool has_failed() const { return failure_.has_value(); }

  Result<json::value> take() {
    if (failure_) return Failure{*std::move(failure_)};
    return std::move(document_);
  }

  void OnDocumentStart(YAML::Mark const& mark) override {
    if (std::exchange(has_document_, true)) note(wrong(mark, "a second document begins here"));
  }
  void OnDocumentEnd() override {}
  void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override {
    if (!failure_) note(null(mark, anchor));
  }
  void OnAlias(YAML::Mark const& mark, YAML::anchor_t anchor) override {
    if (!failure_) note(alias(mark, anchor));
  }
  void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                std::string const& text) override {
    if (!failure_) note(scalar(mark, tag, anchor, text));
  }
  void OnSequenceStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    if (!failure_) note(open(mark, tag, anchor, json::array{}));
  }
  void OnSequenceEnd() override {
    if (!failure_) note(close());
  }
  void OnMapStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    if (!failure_) note(open(mark, tag, anchor, json::object{}));
  }
  void OnMapEnd() override {
    if (!failure_) note(close());
  }

 private:
  /// A list or mapping whose end was not seen yet.
  struct Open {
    YAML::Mark mark;
    YAML::anchor_t anchor;
    json::value value;
    std::optional<std::string> key;
    std::size_t weight_before;
  };
  struct Anchored {
    json::value value;
    std::size_t weight;
  };

  void note(Result<> outcome) {
    if (!outcome && !failure_) failure_ = std::move(outcome).error();
  }

  static Failure too_deep(YAML::Mark const& mark) {
    return wrong(mark, "more than " + std::to_string(most_levels) + " levels");
  }

  Result<> charge(YAML::Mark const& mark, std::size_t weight) {
    if (weight > most_weight - weight_)
      return wrong(mark, "the document is too large, or its aliases make it so");
    weight_ += weight;
    return ok;
  }

  bool wants_key() const {
    return !open_.empty() && open_.back().value.is_object() && !open_.back().key;
  }

  Result<> take_key(YAML::Mark const& mark, std::string key) {
    if (open_.back().value.if_object()->contains(key))
      return wrong(mark, "the key \"" + utf8::repaired(key) + "\" stands here a second time");
    open_.back().key = std::move(key);
    return ok;
  }

  Result<> remember(YAML::Mark const& mark, YAML::anchor_t anchor, json::value const& value,
                    std::size_t weight) {
    if (anchor == 0) return ok;
    TRY(charge(mark, weight));
    anchors_.insert_or_assign(anchor, Anchored{value, weight});
    return ok;
  }

  Result<> add(YAML::Mark const& mark, json::value value) {
    if (open_.empty()) {
      document_ = std::move(value);
      return ok;
    }
    auto& [place, anchor, parent, key, weight] = open_.back();
    if (auto* const list = parent.if_array()) {
      list->push_back(std::move(value));
      return ok;
    }
    if (!key) return wrong(mark, "a key is not a string");
    parent.if_object()->emplace(*key, std::move(value));
    key.reset();
    return ok;
  }

  Result<> null(YAML::Mark const& mark, YAML::anchor_t anchor) {
    TRY(charge(mark, weight_of_node));
    if (wants_key()) return wrong(mark, "a key is missing");
    TRY(remember(mark, anchor, {}, weight_of_node));
    return add(mark, {});
  }

  Result<> alias(YAML::Mark const& mark, YAML::anchor_t anchor) {
    auto const known = anchors_.find(anchor);
    if (known == anchors_.end()) return wrong(mark, "an alias stands inside of what it refers to");
    auto const& [value, weight] = known->second;
    TRY(charge(mark, weight));
    if (depth_of(value) + open_.size() > most_levels) return too_deep(mark);
    if (!wants_key()) return add(mark, value);
    auto const* const key = value.if_string();
    if (!key) return wrong(mark, "a key is not a string");
    return take_key(mark, std::string{*key});
  }

  Result<> scalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  std::string const& text) {
    auto const weight = weight_of_node + text.size();
    TRY(charge(mark, weight));
    bool const plain = tag == "?" || tag.empty();
    if (!plain && tag != "!" && tag != "tag:yaml.org,2002:str")
      return wrong(mark, "tags other than !!str are not supported");
    if (wants_key()) {
      if (plain && text == "<<") return wrong(mark, "merge keys (<<) are not supported");
      TRY(remember(mark, anchor, json::value(text), weight));
      return take_key(mark, text);
    }
    auto value = plain ? resolved(text) : json::value(text);
    if (!value) return wrong(mark, "a number that JSON does not have");
    TRY(remember(mark, anchor, *value, weight));
    return add(mark, *std::move(value));
  }

  Result<> open(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                json::value empty) {
    TRY(charge(mark, weight_of_node));
    if (tag != "?" && tag != "!" && !tag.empty())
      return wrong(mark, "tags other than !!str are not supported");
    if (wants_key()) return wrong(mark, "a key is not a string");
    if (open_.size() == most_levels) return too_deep(mark);
    open_.push_back({mark, anchor, std::move(empty), {}, weight_ - weight_of_node});
    return ok;
  }

  Result<> close() {
    auto closed = std::move(open_.back());
    open_.pop_back();
    TRY(remember(closed.mark, closed.anchor, closed.value, weight_ - closed.weight_before));
    return add(closed.mark, std::move(closed.value));
  }

  static std::size_t depth_of(json::value const& value) {
    std::size_t deepest = 0;
    if (auto const* const list = value.if_array())
      for (auto const& item : *list) deepest = std::max(deepest, depth_of(item));
    if (auto const* const object = value.if_object())
      for (auto const& [key, member] : *object) deepest = std::max(deepest, depth_of(member));
    return value.is_structured() ? deepest + 1 : 0;
  }

  bool has_document_ = false;
  json::value document_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t weight_ = 0;
  std::optional<Error> failure_;
};

/// The parser would take some of these for the end of its input.
Result<> has_only_text(std::string_view text) {
  if (utf8::repaired(text) != text) return invalid("not valid UTF-8");
  YAML::Mark mark;
  for (char const letter : text) {
    auto const code = static_cast<unsigned char>(letter);
    if ((code < 0x20 && letter != '\t' && letter != '\n' && letter != '\r') || code == 0x7F)
      return wrong(mark, "a control character");
    mark.column = letter == '\n' ? 0 : mark.column + 1;
    mark.line += letter == '\n' ? 1 : 0;
  }
  return ok;
}

}  // namespace

Result<json::value> parse(std::string_view text) {
  if (text.size() > most_bytes)
    return invalid("more than " + std::to_string(most_bytes) + " bytes");
  TRY(auto decoded, utf8::from_any_utf(text));
  TRY(has_only_text(decoded));
  Builder builder;
  try {
    std::istringstream input{std::move(decoded)};
    YAML::Parser parser{input};
    // A stray "," is a document that never ends, over and over.
    while (!builder.has_failed() && parser.HandleNextDocument(builder)) continue;
  } catch (YAML::Exception const& thrown) {
    return wrong(thrown.mark, thrown.msg);
  } catch (std::exception const&) {
    return invalid("cannot be read as YAML");
  }
  return builder.take();
}

}  // namespace yaml
