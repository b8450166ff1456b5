#include "common/valkey/resp.hpp"

#include "test/property/generators.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

namespace {

namespace gen = rc::gen;
using valkey::BigNumber;
using valkey::Command;
using valkey::ErrorReply;
using valkey::List;
using valkey::Map;
using valkey::Reply;

bool stays_on_a_line(std::string const& content) {
  return content.find_first_of("\r\n") == std::string::npos;
}

/// As RESP3 writes it; what fits on a line is written so now and then.
struct Writer {
  std::string operator()(Reply::Null) const { return "_\r\n"; }
  std::string operator()(bool value) const { return value ? "#t\r\n" : "#f\r\n"; }
  std::string operator()(std::int64_t value) const { return fmt::format(":{}\r\n", value); }
  std::string operator()(double value) const { return fmt::format(",{}\r\n", value); }
  std::string operator()(BigNumber const& value) const { return "(" + value.digits + "\r\n"; }
  std::string operator()(std::string const& value) const { return text('+', '$', value); }
  std::string operator()(ErrorReply const& value) const { return text('-', '!', value.text); }
  std::string operator()(List const& value) const {
    return fmt::format("{}{}\r\n{}", *gen::element('*', '~'), value.size(), all(value));
  }
  std::string operator()(Map const& value) const {
    auto const& flat = value.keys_and_values;
    return fmt::format("%{}\r\n{}", flat.size() / 2, all(flat));
  }

 private:
  static std::string text(char simple, char bulk, std::string const& value) {
    if (stays_on_a_line(value) && *gen::arbitrary<bool>()) return simple + value + "\r\n";
    return fmt::format("{}{}\r\n{}\r\n", bulk, value.size(), value);
  }
  static std::string all(List const& elements);
};

std::string written(Reply const& reply) {
  auto const attribute =
      *gen::weightedElement<std::string>({{9, ""}, {1, "|1\r\n+a\r\n*1\r\n_\r\n"}});
  return attribute + std::visit(Writer{}, reply.value);
}

std::string Writer::all(List const& elements) {
  std::string text;
  for (auto const& element : elements) text += written(element);
  return text;
}

Reply any_reply(int depth);

List any_replies(int depth, std::size_t most) {
  List replies;
  for (auto count = *gen::inRange<std::size_t>(0, most + 1); count > 0; --count)
    replies.push_back(any_reply(depth));
  return replies;
}

Reply any_reply(int depth) {
  switch (*gen::inRange(0, depth > 0 ? 9 : 7)) {
    case 0:
      return {};
    case 1:
      return {*gen::arbitrary<bool>()};
    case 2:
      return {*gen::resize(rc::kNominalSize, gen::arbitrary<std::int64_t>())};
    case 3:
      return {*gen::arbitrary<double>()};
    case 4:
      return {BigNumber{std::to_string(*gen::arbitrary<std::int64_t>()) + "0000000000000"}};
    case 5:
      return {*text()};
    case 6:
      return {ErrorReply{*text()}};
    case 7:
      return {any_replies(depth - 1, 4)};
    default: {
      auto flat = any_replies(depth - 1, 4);
      if (flat.size() % 2 == 1) flat.pop_back();
      return {Map{std::move(flat)}};
    }
  }
}

struct Reading {
  std::vector<Reply> replies;
  bool failed = false;
  bool operator==(Reading const&) const = default;
};

/// What is read of `text` in pieces of any sizes up to `most`.
Reading read(std::string_view text, std::size_t most) {
  valkey::ReplyParser parser;
  Reading reading;
  while (!text.empty() && !reading.failed) {
    auto const size = *gen::inRange<std::size_t>(1, std::min(most, text.size()) + 1);
    reading.failed = !parser.put(text.substr(0, size));
    text.remove_prefix(size);
  }
  reading.replies = std::move(parser.replies());
  return reading;
}

}  // namespace

TEST_CASE("replies that are written read as the same, however they are cut") {
  CHECK(rc::check([] {
    auto const replies = any_replies(3, 3);
    RC_ASSERT(read(Writer{}(List{replies}), 64).replies == List{Reply{replies}});
  }));
}

TEST_CASE("what is read of a reply with one wrong byte does not depend on how it is cut") {
  CHECK(rc::check([] {
    auto bytes = written(any_reply(3));
    bytes[*gen::inRange<std::size_t>(0, bytes.size())] = *gen::arbitrary<char>();
    RC_ASSERT(read(bytes, 8) == read(bytes, bytes.size()));
  }));
}

TEST_CASE("a command reads as a list of its words") {
  CHECK(rc::check([] {
    auto const words = *gen::container<std::vector<std::string>>(text());
    Command const command{std::vector<std::string_view>{words.begin(), words.end()}};
    RC_ASSERT(read(command.bytes(), 16).replies == List{Reply{List(words.begin(), words.end())}});
  }));
}
