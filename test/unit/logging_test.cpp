#include "common/logging.hpp"

#include "common/secret.hpp"
#include "test/support/captured_errors.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value_from.hpp>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <limits>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

std::chrono::sys_days const new_year = std::chrono::year{2026} / 1 / 1;

std::string line(json::object const& fields) {
  return logging::line(new_year, logging::Level::Info, "event", fields);
}

/// What one read() yields; empty at the end.
std::string next_piece(int file) {
  std::string piece(4096, '\0');
  auto const length = read(file, piece.data(), piece.size());
  piece.resize(static_cast<std::size_t>(std::max(length, ssize_t{0})));
  return piece;
}

}  // namespace

SCENARIO("a line says when, how grave and what, then the fields in their order") {
  CHECK(logging::line(new_year + 45296789us, logging::Level::Warning, "slots moved",
                      {{"cluster", "demo"}, {"count", 1365}}) ==
        R"({"time":"2026-01-01T00:00:45.296Z","level":"warning","event":"slots moved",)"
        R"("cluster":"demo","count":1365})");
}

SCENARIO("a time before 1970 is still one") {
  CHECK(logging::line(std::chrono::sys_days{} - 1ms, logging::Level::Debug, "e", {}) ==
        R"({"time":"1969-12-31T23:59:59.999Z","level":"debug","event":"e"})");
}

SCENARIO("a field cannot take the place of another") {
  auto const entry = json::parse(line({{"event_", 1}, {"event", 2}, {"time", 3}, {"level", 4}}));
  CHECK(entry.at("event") == "event");
  CHECK(entry.at("event_") == 1);
  CHECK(entry.at("event__") == 2);
  CHECK(entry.at("time_") == 3);
  CHECK(entry.at("level_") == 4);
}

SCENARIO("bytes that are not UTF-8 do not spoil the line") {
  auto const entry =
      json::parse(line({{"bad\xff", "\xc3(\x80"}, {"nested", {{"x", "\xed\xa0\x80"}}}}));
  CHECK(entry.at("bad\uFFFD") == "\uFFFD(\uFFFD");
  CHECK(entry.at("nested").at("x") == "\uFFFD\uFFFD\uFFFD");
}

SCENARIO("a number that JSON cannot write becomes null, however deep it lies") {
  using Numbers = std::numeric_limits<double>;
  auto const text = line({{"nan", Numbers::quiet_NaN()},
                          {"list", json::array{1.5, Numbers::infinity()}},
                          {"map", {{"low", -Numbers::infinity()}}}});
  CHECK(text.ends_with(R"("nan":null,"list":[1.5E0,null],"map":{"low":null}})"));
}

SCENARIO("text with line ends stays on its line") {
  CHECK(line({{"text", "one\ntwo\r"}}).find_first_of("\r\n") == std::string::npos);
}

SCENARIO("a line is written at once") {
  std::array<int, 2> sockets{};
  REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets.data()) == 0);
  {
    RedirectedErrors const errors{sockets[0]};
    logging::info("one", {{"n", 1}});
    logging::info("two");
  }
  close(sockets[0]);
  CHECK(next_piece(sockets[1]).ends_with("\"event\":\"one\",\"n\":1}\n"));
  CHECK(next_piece(sockets[1]).ends_with("\"event\":\"two\"}\n"));
  CHECK(next_piece(sockets[1]).empty());
  close(sockets[1]);
}

SCENARIO("a line is written in full, however often a signal interrupts it") {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  struct sigaction interrupt{};
  interrupt.sa_handler = [](int) {};  // without SA_RESTART
  REQUIRE(sigaction(SIGUSR1, &interrupt, nullptr) == 0);
  std::string text;
  std::thread reader{[&text, pipe = ends[0], writer = pthread_self()] {
    for (auto piece = next_piece(pipe); !piece.empty(); piece = next_piece(pipe)) {
      text += piece;
      if (!text.ends_with('\n')) pthread_kill(writer, SIGUSR1);
    }
  }};
  {
    RedirectedErrors const errors{ends[1]};
    logging::info(std::string(1'000'000, 'x'));  // far more than a pipe holds
  }
  close(ends[1]);
  reader.join();
  close(ends[0]);
  CHECK(text.size() > 1'000'000);
  CHECK(text.ends_with("x\"}\n"));
}

static_assert(!json::has_value_from<Secret>::value);
