#include "test/support/faults/watch_relay.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/core.h>
#include <sstream>
#include <utility>

namespace faults {
namespace {

using namespace asio::experimental::awaitable_operators;

/// Where a watch is to end within an event and none is there: only its first half is ever sent.
std::string_view const some_event = R"({"type":"MODIFIED","object":{"kind":"ConfigMap"}})";

std::string text_of_head(http::response_header<> head) {
  head.erase(http::field::content_length);
  head.set(http::field::transfer_encoding, "chunked");
  std::ostringstream text;
  text << head;
  return text.str();
}

}  // namespace

WatchRelay::WatchRelay(LiveWatches& all, Script& script, Client& client, Upstream& upstream,
                       std::string resource, Client::Pace pace)
    : script_{script},
      client_{client},
      upstream_{upstream},
      live_{all, resource, client.executor()},
      resource_{std::move(resource)},
      pace_{pace} {}

asio::awaitable<bool> WatchRelay::run(std::function<void(unsigned)> began) {
  auto const head = co_await upstream_.head();
  if (auto const ended = co_await until_thawed()) co_return *ended;
  began(head.result_int());
  co_await client_.write(text_of_head(head));
  while (true) {
    auto const next = co_await (upstream_.next_line() || live_.ended() || client_.gone());
    if (next.index() == 1) co_return co_await end(live_.end(), "");
    if (next.index() == 2) co_return false;
    if (auto const ended = co_await until_thawed()) co_return *ended;
    auto const& event = std::get<0>(next);
    if (!event)
      co_return co_await end({upstream_.ended_properly() ? Ending::Proper : Ending::Reset, ""}, "");
    if (auto const ended = co_await forward(*event)) co_return *ended;
  }
}

WatchRelay::Outcome WatchRelay::until_thawed() {
  auto const first = co_await (live_.thawed() || live_.ended() || client_.gone());
  if (first.index() == 1) co_return co_await end(live_.end(), "");
  if (first.index() == 2) co_return false;
  co_return std::nullopt;
}

WatchRelay::Outcome WatchRelay::forward(std::string event) {
  auto const fault = script_.next(resource_, event);
  if (!fault) {
    co_await chunk(event);
  } else if (auto const* last = std::get_if<End>(&*fault)) {
    co_return co_await end(*last, event);
  } else if (std::holds_alternative<Repeat>(*fault)) {
    co_await chunk(event);
    co_await chunk(event);
  } else if (auto const* inflate = std::get_if<Inflate>(&*fault)) {
    co_await chunk(inflated(event, inflate->bytes) + "\n");
  }
  co_return std::nullopt;
}

asio::awaitable<void> WatchRelay::chunk(std::string text) {
  co_await client_.write(fmt::format("{:x}\r\n{}\r\n", text.size(), text), pace_);
}

asio::awaitable<bool> WatchRelay::end(End end, std::string event) {
  if (!end.last_words.empty()) event = end.last_words + "\n";
  if (end.how == Ending::WithinEvent) {
    if (event.empty()) event = some_event;
    event.resize(event.size() / 2);
  } else if (end.last_words.empty()) {
    event.clear();
  }
  if (!event.empty()) co_await chunk(event);
  if (end.how == Ending::Proper) {
    co_await client_.write("0\r\n\r\n");
    co_return true;
  }
  if (end.how == Ending::Reset) client_.reset();
  client_.close();
  co_return false;
}

}  // namespace faults
