#include "common/valkey/resp.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

using valkey::BigNumber;
using valkey::Command;
using valkey::ErrorReply;
using valkey::List;
using valkey::Map;
using valkey::Reply;
using valkey::ReplyLimits;
using valkey::ReplyParser;

namespace {

using namespace std::string_view_literals;

struct Reading {
  std::vector<Reply> replies;
  std::string failure;
  bool is_midway = false;
  bool operator==(Reading const&) const = default;
};

Reading outcome_of(ReplyParser& parser, Result<> const& outcome) {
  return {.replies = parser.replies(),
          .failure = outcome ? "" : outcome.error().message,
          .is_midway = outcome && parser.is_midway()};
}

/// What is read of `text` if it comes in chunks of `size`.
Reading read(std::string_view text, std::size_t size = 1 << 20, ReplyLimits limits = {}) {
  ReplyParser parser{limits};
  Result<> outcome;
  for (; !text.empty() && outcome; text.remove_prefix(std::min(size, text.size())))
    outcome = parser.put(text.substr(0, size));
  return outcome_of(parser, outcome);
}

/// The same if it comes in two pieces.
Reading read_cut(std::string_view text, std::size_t cut) {
  ReplyParser parser;
  auto outcome = parser.put(text.substr(0, cut));
  if (outcome) outcome = parser.put(text.substr(cut));
  return outcome_of(parser, outcome);
}

/// The one reply that `text` is.
Reply only(std::string_view text) {
  auto reading = read(text);
  CHECK(reading.failure.empty());
  CHECK_FALSE(reading.is_midway);
  REQUIRE(reading.replies.size() == 1);
  return reading.replies[0];
}

/// Why `text` is refused; empty unless it is.
std::string refusal(std::string_view text, ReplyLimits limits = {}) {
  constexpr std::string_view told = "the server's RESP can't be read: ";
  auto const failure = read(text, 1 << 20, limits).failure;
  CHECK((failure.empty() || failure.starts_with(told)));
  return failure.empty() ? failure : failure.substr(told.size());
}

Reply text(std::string content) { return {std::move(content)}; }
Reply number(std::int64_t value) { return {value}; }

constexpr std::string_view all_types =
    "+OK\r\n-ERR no\r\n:-9223372036854775808\r\n$5\r\na\r\nb\0\r\n$-1\r\n*-1\r\n*2\r\n:1\r\n*0\r\n"
    "_\r\n#t\r\n#f\r\n,1.5e3\r\n,-inf\r\n(-12345678901234567890123\r\n=8\r\ntxt:a\r\nb\r\n"
    "!4\r\nNO x\r\n~1\r\n+a\r\n%2\r\n+k\r\n:1\r\n+k\r\n%0\r\n>2\r\n+message\r\n+lost\r\n"
    "|1\r\n+ttl\r\n:7\r\n+after\r\n*2\r\n|1\r\n+x\r\n*1\r\n:1\r\n:1\r\n:2\r\n"sv;

}  // namespace

SCENARIO("every type of reply is read, and pushes and attributes are passed over") {
  using namespace std::string_literals;
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  std::vector<Reply> const expected{
      text("OK"),
      {ErrorReply{"ERR no"}},
      number(std::numeric_limits<std::int64_t>::min()),
      text("a\r\nb\0"s),
      {},
      {},
      {List{number(1), {List{}}}},
      {},
      {true},
      {false},
      {1500.0},
      {-infinity},
      {BigNumber{"-12345678901234567890123"}},
      text("a\r\nb"),
      {ErrorReply{"NO x"}},
      {List{text("a")}},
      {Map{{text("k"), number(1), text("k"), {Map{}}}}},
      text("after"),
      {List{number(1), number(2)}},
  };
  std::string_view const all{all_types};
  auto const whole = read(all);
  CHECK(whole.failure.empty());
  CHECK_FALSE(whole.is_midway);
  CHECK(whole.replies == expected);
  for (std::size_t size = 1; size < 12; ++size) {
    CAPTURE(size);
    CHECK(read(all, size) == whole);
  }
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    CAPTURE(cut);
    CHECK(read_cut(all, cut) == whole);
  }
}

SCENARIO("numbers are read as RESP3 writes them") {
  CHECK(only(":+7\r\n") == number(7));
  CHECK(only(":9223372036854775807\r\n") == number(std::numeric_limits<std::int64_t>::max()));
  CHECK(only(",10\r\n") == Reply{10.0});
  CHECK(only(",+0.5\r\n") == Reply{0.5});
  CHECK(only(",inf\r\n") == Reply{std::numeric_limits<double>::infinity()});
  CHECK(std::isnan(valkey::number_of(only(",nan\r\n")).value()));
  CHECK(only("(+1\r\n") == Reply{BigNumber{"+1"}});
}

SCENARIO("a reply that has not ended is awaited") {
  for (std::string const begun : {"+", "+OK\r", "$3\r\nab", "$3\r\nabc\r", "*2\r\n:1\r\n", "%1\r\n",
                                  "*1\r\n*1\r\n", "$0\r\n"}) {
    CAPTURE(begun);
    auto const reading = read(begun);
    CHECK(reading.failure.empty());
    CHECK(reading.replies.empty());
    CHECK(reading.is_midway);
  }
  CHECK_FALSE(read("").is_midway);
}

SCENARIO("what is no RESP is refused, wherever it is cut") {
  for (std::string const wrong : {"HTTP/1.1 400 Bad Request\r\n",
                                  "\r\n",
                                  "\n",
                                  "+a\n",
                                  "+a\rb\r\n",
                                  "+\n",
                                  "$\r\n",
                                  "$x\r\n",
                                  "$-2\r\n",
                                  "$+1\r\n",
                                  "$-0\r\n",
                                  "$ 1\r\n",
                                  "$1 \r\n",
                                  "$18446744073709551616\r\n",
                                  "$1\r\nab\r\n",
                                  "$1\r\na\n\r",
                                  "*-2\r\n",
                                  "*x\r\n",
                                  "*9223372036854775808\r\n",
                                  "%-1\r\n",
                                  "~-1\r\n",
                                  ">-1\r\n",
                                  "|-1\r\n",
                                  "=-1\r\n",
                                  "!-1\r\n",
                                  "=3\r\ntxt\r\n",
                                  "=4\r\ntxt \r\n",
                                  ":\r\n",
                                  ":1x\r\n",
                                  ":--1\r\n",
                                  ":+-1\r\n",
                                  ":1.0\r\n",
                                  ":9223372036854775808\r\n",
                                  ",\r\n",
                                  ",x\r\n",
                                  ",0x1\r\n",
                                  ",infinity\r\n",
                                  ",nan(1)\r\n",
                                  ",1e999\r\n",
                                  ",+-1\r\n",
                                  "(\r\n",
                                  "(-\r\n",
                                  "(1x\r\n",
                                  "#\r\n",
                                  "#x\r\n",
                                  "#true\r\n",
                                  "_x\r\n",
                                  "*1\r\n>1\r\n+x\r\n",
                                  "$?\r\n",
                                  "*?\r\n",
                                  ";1\r\n",
                                  ".\r\n"}) {
    CAPTURE(wrong);
    CHECK_FALSE(refusal(wrong).empty());
    for (std::size_t cut = 0; cut <= wrong.size(); ++cut)
      CHECK_FALSE(read_cut(wrong, cut).failure.empty());
  }
}

SCENARIO("a parser that has failed stays so, and keeps what was complete") {
  ReplyParser parser;
  auto const failed = parser.put("+OK\r\n?\r\n");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().fault == Fault::Transient);
  CHECK(parser.put("+OK\r\n").error() == failed.error());
  CHECK(parser.replies() == std::vector{text("OK")});
}

SCENARIO("each limit is held to, and what just fits is read") {
  ReplyLimits const limits{.line = 8, .bulk = 4, .memory = 4096, .elements = 4, .depth = 2};
  CHECK(refusal("+12345\r\n", limits).empty());
  CHECK(refusal("+123456\r\n", limits) == "a line is too long");
  CHECK(refusal("+12345678", limits) == "a line is too long");
  CHECK(refusal("$4\r\nabcd\r\n", limits).empty());
  CHECK(refusal("$5\r\n", limits) == "a text is too long");
  CHECK(refusal("*4\r\n", limits).empty());
  CHECK(refusal("*5\r\n", limits) == "a list has too many elements");
  CHECK(refusal("%2\r\n", limits).empty());
  CHECK(refusal("%3\r\n", limits) == "a list has too many elements");
  CHECK(refusal("|3\r\n", limits) == "a list has too many elements");
  CHECK(refusal("*1\r\n*1\r\n:1\r\n", limits).empty());
  CHECK(refusal("*1\r\n*1\r\n*0\r\n", limits) == "lists are nested too deep");
}

SCENARIO("what arrives is counted as it is held in memory, not as it is sent") {
  constexpr ReplyLimits limits{.memory = std::size_t{64} << 10};
  std::string nulls;
  for (std::size_t count = 0; count < limits.memory / sizeof(Reply) + 1; ++count) nulls += "_\r\n";
  CHECK(nulls.size() < limits.memory);
  CHECK(refusal(nulls, limits) == "there is too much of it");
  CHECK(refusal("*100000\r\n" + nulls, limits) == "there is too much of it");
  CHECK(refusal(">100000\r\n" + nulls, limits) == "there is too much of it");
  CHECK(refusal("$70000\r\n" + std::string(70'000, 'x'), limits) == "there is too much of it");
}

SCENARIO("nothing is set aside for what is only announced") {
  std::string deep;
  for (std::size_t depth = 0; depth < ReplyLimits{}.depth; ++depth) deep += "*200000\r\n";
  constexpr ReplyLimits limits{.memory = 1};
  CHECK(refusal(deep, limits).empty());
  CHECK(refusal("$16777216\r\n", limits).empty());
}

SCENARIO("a command is an array of bulk strings") {
  CHECK(Command{"PING"}.bytes() == "*1\r\n$4\r\nPING\r\n");
  CHECK(Command{"SET", "a b", "\0\r\n"sv}.bytes() ==
        "*3\r\n$3\r\nSET\r\n$3\r\na b\r\n$3\r\n\0\r\n\r\n"sv);
  std::vector<std::string_view> const words{"CLUSTER", "ADDSLOTSRANGE", "0", ""};
  CHECK(Command{words}.bytes() ==
        "*4\r\n$7\r\nCLUSTER\r\n$13\r\nADDSLOTSRANGE\r\n$1\r\n0\r\n$0\r\n\r\n");
}
