#include "test/support/faults/session.hpp"

#include "test/support/faults/rewind.hpp"
#include "test/support/faults/watch_relay.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/write.hpp>
#include <sstream>
#include <variant>

namespace faults {
namespace {

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// Where the answer's body begins.
std::size_t body_of(std::string const& text) { return text.find("\r\n\r\n") + 4; }

}  // namespace

std::string text_of(Response response) {
  response.erase(http::field::transfer_encoding);
  response.prepare_payload();
  std::ostringstream text;
  text << response;
  return text.str();
}

Session::Session(Tcp::socket socket, Shared& shared)
    : shared_{shared}, client_{std::move(socket), shared.identity} {
  shared_.clients.insert(&client_);
}

Session::~Session() { shared_.clients.erase(&client_); }

asio::awaitable<void> Session::run() {
  co_await client_.handshake();
  while (true) {
    auto const request = co_await client_.next_request();
    auto const target = view(request.target());
    call_ = call_of(view(request.method_string()), target, view(request[http::field::user_agent]));
    entry_ = shared_.journal.add(call_);
    if (!co_await serve(request) || !request.keep_alive()) break;
  }
  co_await client_.say_goodbye();
}

Session::Next Session::serve(Request const& request) {
  auto const fault = shared_.script.next(call_);
  if (!fault) co_return co_await forward(request);
  co_return co_await std::visit([&](auto const& it) { return perform(it, request); }, *fault);
}

Session::Next Session::perform(Respond const& fault, Request const&) {
  Response response{static_cast<http::status>(fault.status), 11, fault.body};
  response.set(http::field::content_type, fault.content_type);
  if (!fault.retry_after.empty()) response.set(http::field::retry_after, fault.retry_after);
  co_await tell(response);
  co_return true;
}

Session::Next Session::perform(Delay const& fault, Request const& request) {
  co_await client_.wait(fault.by);
  co_return co_await forward(request);
}

Session::Next Session::perform(ResetBefore const&, Request const&) {
  client_.reset();
  co_return false;
}

Session::Next Session::perform(ResetAfter const&, Request const& request) {
  co_await answer_to(request);
  client_.reset();
  co_return false;
}

Session::Next Session::perform(Truncate const& fault, Request const& request) {
  auto const text = text_of(co_await answer_to(request));
  co_await client_.write(text.substr(0, body_of(text) + fault.bytes));
  client_.close();
  co_return false;
}

Session::Next Session::perform(Trickle const& fault, Request const& request) {
  co_return co_await forward(request, {fault.bytes, fault.every});
}

Session::Next Session::perform(SwallowRequest const&, Request const&) {
  co_await client_.gone();
  co_return false;
}

Session::Next Session::perform(SwallowAnswer const& fault, Request const& request) {
  auto const text = text_of(co_await answer_to(request));
  if (fault.after > 0) co_await client_.write(text.substr(0, body_of(text) + fault.after));
  co_await client_.gone();
  co_return false;
}

Session::Next Session::perform(Rewind const& fault, Request const& request) {
  auto const& version = fault.resource_version;
  if (call_.verb != "watch") co_return co_await forward(list_at(request, call_, version));
  std::string initial_events;
  if (!parameter(call_.query, "sendInitialEvents").empty())
    initial_events = initial_events_of(co_await answer_to(list_at(request, call_, version)));
  auto upstream = upstream_for(request);
  upstream.precede(initial_events);
  co_await ask(upstream, watch_from(request, call_, version));
  co_return co_await relay(upstream);
}

/// An API server that can't be reached looks to the client as if it were reset.
Session::Next Session::forward(Request const& request, Client::Pace pace) {
  if (call_.verb != "watch") {
    co_await tell(co_await answer_to(request), pace);
    co_return true;
  }
  auto upstream = upstream_for(request);
  co_await ask(upstream, request);
  co_return co_await relay(upstream, pace);
}

Session::Next Session::relay(Upstream& upstream, Client::Pace pace) {
  WatchRelay watch{shared_.watches, shared_.script, client_, upstream, call_.resource, pace};
  co_return co_await watch.run([this](unsigned status) {
    shared_.journal.amend(entry_, [&](Exchange& it) { it.server_status = it.status = status; });
  });
}

asio::awaitable<void> Session::ask(Upstream& upstream, Request const& request) {
  co_await upstream.send(shared_.server, request);
  shared_.journal.amend(entry_, [](Exchange& it) { it.reached_server = true; });
}

asio::awaitable<Response> Session::answer_to(Request const& request) {
  auto upstream = upstream_for(request);
  co_await ask(upstream, request);
  auto response = co_await upstream.answer();
  shared_.journal.amend(entry_, [&](Exchange& it) { it.server_status = response.result_int(); });
  co_return response;
}

asio::awaitable<void> Session::tell(Response const& response, Client::Pace pace) {
  shared_.journal.amend(entry_, [&](Exchange& it) { it.status = response.result_int(); });
  co_await client_.write(text_of(response), pace);
}

/// The administrator's certificate stands in for the credentials that a client does not show.
Upstream Session::upstream_for(Request const& request) {
  bool const shows_token = request.count(http::field::authorization) > 0;
  return {client_.executor(), shows_token ? shared_.no_credentials : shared_.own_credentials};
}

}  // namespace faults
