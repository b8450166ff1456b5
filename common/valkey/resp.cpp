#include "common/valkey/resp.hpp"

#include "common/ascii.hpp"
#include "common/valkey/number.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace valkey {
namespace {

constexpr std::string_view types = "+-:_#,($=!*%~>|";
constexpr std::string_view line_end = "\r\n";

Failure not_resp(std::string_view reason) {
  return transient("the server's RESP can't be read: " + std::string{reason});
}

bool is_skipped(char type) { return type == '>' || type == '|'; }

/// Of what comes: digits alone, so no sign either.
Result<std::size_t> length_of(std::string_view text) {
  auto const length = ascii::is_digits(text) ? parsed<std::size_t>(text) : std::nullopt;
  if (!length) return not_resp("a length is no number");
  return *length;
}

std::string_view without_plus(std::string_view number) {
  bool const has_plus = number.starts_with('+') && !number.starts_with("+-");
  return has_plus ? number.substr(1) : number;
}

Result<Reply> integer(std::string_view text) {
  auto const number = parsed<std::int64_t>(without_plus(text));
  if (!number) return not_resp("an integer is none, or does not fit");
  return Reply{*number};
}

/// std::from_chars() takes more words for what is no number than RESP3 has.
Result<Reply> real(std::string_view text) {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  if (text == "inf") return Reply{infinity};
  if (text == "-inf") return Reply{-infinity};
  if (text == "nan") return Reply{std::numeric_limits<double>::quiet_NaN()};
  bool const is_plain = text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
  auto const number = is_plain ? parsed<double>(without_plus(text)) : std::nullopt;
  if (!number) return not_resp("a double is none, or does not fit");
  return Reply{*number};
}

Result<Reply> big_number(std::string_view text) {
  auto const digits = text.substr(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
  if (digits.empty() || !ascii::is_digits(digits)) return not_resp("a big number is none");
  return Reply{BigNumber{std::string{text}}};
}

/// What one line holds in full.
Result<Reply> simple(char type, std::string_view text) {
  switch (type) {
    case '+':
      return Reply{std::string{text}};
    case '-':
      return Reply{ErrorReply{std::string{text}}};
    case ':':
      return integer(text);
    case ',':
      return real(text);
    case '(':
      return big_number(text);
    case '#':
      if (text != "t" && text != "f") return not_resp("a boolean is none");
      return Reply{text == "t"};
    default:  // '_'
      if (!text.empty()) return not_resp("a null is none");
      return Reply{};
  }
}

Reply closed(char type, List elements) {
  if (type == '%') return Reply{Map{std::move(elements)}};
  return Reply{std::move(elements)};
}

}  // namespace

Result<> ReplyParser::put(std::string_view bytes) {
  if (failure_) return Failure{*failure_};
  auto outcome = read(bytes);
  if (!outcome) failure_ = outcome.error();
  return outcome;
}

Result<> ReplyParser::read(std::string_view bytes) {
  while (!bytes.empty()) {
    TRY(auto const count, bulk_ ? read_bulk(*bulk_, bytes) : read_line(bytes));
    bytes.remove_prefix(count);
  }
  return ok;
}

Result<std::size_t> ReplyParser::read_line(std::string_view bytes) {
  if (line_.empty() && !types.contains(bytes.front()))
    return not_resp("there is no such type of reply");
  auto const end = bytes.find('\n');
  auto const count = end == std::string_view::npos ? bytes.size() : end + 1;
  if (line_.size() + count > limits_.line) return not_resp("a line is too long");
  line_.append(bytes.substr(0, count));
  if (end == std::string_view::npos) return count;
  auto const line = std::exchange(line_, {});
  auto const text = std::string_view{line}.substr(1, line.size() - 1 - line_end.size());
  if (!line.ends_with(line_end) || text.contains('\r')) return not_resp("a line has no proper end");
  TRY(understand(line.front(), text));
  return count;
}

Result<> ReplyParser::understand(char type, std::string_view rest) {
  constexpr std::string_view with_length = "$=!";
  constexpr std::string_view with_count = "*%~>|";
  bool const is_null = rest == "-1" && (type == '$' || type == '*');  // of RESP2
  if (is_null) return deliver({});
  if (with_length.contains(type)) return begin_bulk(type, rest);
  if (with_count.contains(type)) return begin_aggregate(type, rest);
  TRY(spend(rest.size()));
  TRY(auto reply, simple(type, rest));
  return deliver(std::move(reply));
}

Result<> ReplyParser::begin_bulk(char type, std::string_view length) {
  TRY(auto const announced, length_of(length));
  if (announced > limits_.bulk) return not_resp("a text is too long");
  bulk_ = Bulk{.type = type, .length = announced, .text = {}};
  return ok;
}

Result<std::size_t> ReplyParser::read_bulk(Bulk& bulk, std::string_view bytes) {
  auto& text = bulk.text;
  auto const whole = bulk.length + line_end.size();
  auto const count = std::min(bytes.size(), whole - text.size());
  TRY(spend(count));
  if (auto const needed = text.size() + count; needed > text.capacity())
    text.reserve(std::min(whole, std::max(needed, 2 * text.capacity())));
  text.append(bytes.substr(0, count));
  if (text.size() < whole) return count;
  auto complete = std::move(bulk);
  bulk_.reset();
  TRY(end_bulk(std::move(complete)));
  return count;
}

Result<> ReplyParser::end_bulk(Bulk bulk) {
  if (!bulk.text.ends_with(line_end)) return not_resp("a text has no proper end");
  bulk.text.resize(bulk.length);
  if (bulk.type == '!') return deliver({ErrorReply{std::move(bulk.text)}});
  if (bulk.type == '=') {
    constexpr std::size_t prefix = 4;  // "txt:" or "mkd:"
    if (bulk.length < prefix || bulk.text[prefix - 1] != ':')
      return not_resp("a verbatim text has no format");
    bulk.text.erase(0, prefix);
  }
  return deliver({std::move(bulk.text)});
}

Result<> ReplyParser::begin_aggregate(char type, std::string_view count) {
  TRY(auto const announced, length_of(count));
  auto const each = type == '%' || type == '|' ? std::size_t{2} : std::size_t{1};
  if (announced > limits_.elements / each) return not_resp("a list has too many elements");
  if (open_.size() >= limits_.depth) return not_resp("lists are nested too deep");
  if (type == '>' && !open_.empty()) return not_resp("a push stands within a reply");
  if (announced == 0) return is_skipped(type) ? ok : deliver(closed(type, {}));
  open_.push_back({.type = type, .wanted = announced * each, .elements = {}});
  return ok;
}

/// Ends all that `reply` is the last element of.
Result<> ReplyParser::deliver(Reply reply) {
  while (!open_.empty()) {
    auto& innermost = open_.back();
    TRY(append(innermost, std::move(reply)));
    if (innermost.elements.size() < innermost.wanted) return ok;
    auto complete = std::move(innermost);
    open_.pop_back();
    if (is_skipped(complete.type)) return ok;
    reply = closed(complete.type, std::move(complete.elements));
  }
  TRY(spend(sizeof reply));
  replies_.push_back(std::move(reply));
  return ok;
}

Result<> ReplyParser::append(Aggregate& aggregate, Reply reply) {
  auto& elements = aggregate.elements;
  if (auto const held = elements.size(); held == elements.capacity()) {
    auto const more = std::min(aggregate.wanted - held, std::max(held, std::size_t{4}));
    TRY(spend(more * sizeof reply));
    elements.reserve(held + more);
  }
  elements.push_back(std::move(reply));
  return ok;
}

/// Nothing is given back for what is passed over.
Result<> ReplyParser::spend(std::size_t bytes) {
  spent_ += bytes;
  if (spent_ > limits_.memory) return not_resp("there is too much of it");
  return ok;
}

}  // namespace valkey
