#include "common/net/http_server.hpp"

#include "common/async/notice.hpp"
#include "common/async/shielded.hpp"
#include "common/logging.hpp"
#include "common/net/http_reader.hpp"
#include "common/net/transport.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <map>
#include <sys/socket.h>

namespace net {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using Tcp = asio::ip::tcp;
using Settings = HttpServerSettings;

/// What went wrong is for the log: a stranger who asks may learn no more than that it did.
Response internal_error(Error const& reason) {
  logging::warning("request not answered", {{"message", reason.message}});
  return plain_text(500, "internal error\n");
}

/// The connections that wait for a request.
class Waiting {
 public:
  /// Cancels the wait that has lasted longest; false when there is none.
  bool dismiss_longest() {
    if (groups_.empty()) return false;
    auto* const longest = groups_.begin()->second;
    groups_.erase(groups_.begin());
    longest->cancel();
    return true;
  }

  /// Runs `wait`, which may be dismissed. Cancelled when it was.
  Task<> during(Task<> wait) {
    auto const counted = [](Task<> task, Waiting& all, TaskGroup& group) -> Task<> {
      auto const ticket = all.next_ticket_++;
      all.groups_.emplace(ticket, &group);
      std::shared_ptr<void> const leaves{nullptr, [&](void*) { all.groups_.erase(ticket); }};
      co_return co_await std::move(task);
    };
    co_return co_await together(
        [&](TaskGroup& group) { group.spawn(counted(std::move(wait), *this, group)); });
  }

 private:
  std::map<std::uint64_t, TaskGroup*> groups_;  ///< the oldest first
  std::uint64_t next_ticket_ = 0;
};

/// The bytes that large requests may have in memory at once.
class Budget {
 public:
  explicit Budget(std::uint64_t most) : most_{most} {}

  /// Ends once there is room; the first always has.
  Task<> take(std::uint64_t bytes) {
    while (taken_ > 0 && taken_ + bytes > most_) CO_TRY(co_await freed_.after(freed_.given()));
    taken_ += bytes;
    co_return ok;
  }

  void give_back(std::uint64_t bytes) {
    taken_ -= bytes;
    if (bytes > 0) freed_.give();
  }

 private:
  std::uint64_t most_;
  std::uint64_t taken_ = 0;
  Notice freed_;
};

/// What all connections of a server share.
struct Shared {
  Waiting waiting{};
  Budget budget;
};

/// One connection, from request to request.
class Conversation {
 public:
  Conversation(Settings const& settings, HttpServer::Handler const& handler, Shared& shared,
               Stream stream)
      : settings_{settings}, handler_{handler}, shared_{shared}, stream_{std::move(stream)} {}
  Conversation(Conversation const&) = delete;
  Conversation& operator=(Conversation const&) = delete;
  ~Conversation() { give_back(); }

  /// A failure is the connection's: the server goes on with the others.
  Task<> run() {
    co_await asio::this_coro::throw_if_cancelled(false);  // what has arrived is answered
    auto received = co_await receive_request();
    while (true) {
      bool const given_up = !received && received.error().fault == Fault::Cancelled;
      if (given_up || !reader_.has_begun()) co_return received;
      CO_TRY(auto const next, co_await shielded(reply(std::move(received)), leaving_));
      give_back();
      if (next == Next::Nothing || leaving_) co_return ok;
      received = reader_.restart();
      if (received) received = co_await receive_request();
    }
  }

 private:
  enum class Next { Nothing, Request };
  using Parser = HttpParser<Request>;

  Task<> receive_request() {
    if (!reader_.has_begun())
      CO_TRY(
          co_await shared_.waiting.during(within(settings_.keep_idle, reader_.receive(stream_))));
    if (reader_.parser().complete()) co_return ok;
    CO_TRY(co_await within(settings_.opening, receive_until(&Parser::head_complete)));
    CO_TRY(co_await make_room());
    co_return co_await within(settings_.receiving, receive_until(&Parser::complete));
  }

  Task<> make_room() {
    constexpr std::uint64_t small = std::uint64_t{64} << 10;
    auto const bytes = announced_bytes();
    if (bytes <= small) co_return ok;
    auto const room = co_await within(settings_.yielding, shared_.budget.take(bytes));
    is_crowded_ = !room && room.error().fault == Fault::Transient;
    if (is_crowded_) co_return transient("too many large requests at once");
    if (room) taken_ = bytes;
    co_return room;
  }

  /// As many as there may be where the head does not say.
  std::uint64_t announced_bytes() {
    auto const most = settings_.limits.body.value_or(settings_.most_bytes);
    auto const& headers = reader_.parser().message().headers;
    auto const length = headers.find("Content-Length");
    if (!length) return headers.find("Transfer-Encoding") ? most : 0;
    std::uint64_t bytes = 0;
    auto const parsed = std::from_chars(length->begin(), length->end(), bytes);
    return parsed.ec == std::errc{} ? std::min(bytes, most) : most;
  }

  void give_back() { shared_.budget.give_back(std::exchange(taken_, 0)); }

  Task<> receive_until(bool (Parser::*is_enough)() const) {
    while (!(reader_.parser().*is_enough)()) CO_TRY(co_await reader_.receive(stream_));
    co_return ok;
  }

  /// Answers what was received, or says what is wrong with it.
  Task<Next> reply(Result<> received) {
    auto& parser = reader_.parser();
    auto const method = parser.message().method;
    auto response = received ? co_await answer() : refusal(received.error());
    bool const goes_on = received && parser.keeps_alive() && !leaving_ && !is_parting();
    auto bytes = written(std::move(response), method, goes_on);
    if (!bytes) bytes = written(internal_error(bytes.error()), method, goes_on);
    CO_TRY(bytes);
    CO_TRY(co_await within(settings_.answering, stream_.write(*bytes)));
    if (goes_on) co_return Next::Request;
    CO_TRY(co_await within(1s, stream_.say_goodbye()));
    CO_TRY(co_await within(1s, stream_.drain(std::size_t{16} << 20)));
    co_return Next::Nothing;
  }

  Response refusal(Error const& reason) {
    auto const status = is_crowded_ ? 429 : reader_.parser().refusal().value_or(408);
    auto response = plain_text(status, reason.message + '\n');
    if (is_crowded_) response.headers.add("Retry-After", "1");
    return response;
  }

  bool is_parting() const { return settings_.parting && *settings_.parting; }

  asio::awaitable<Response> answer() {
    Asked asked{std::move(reader_.parser().message()), stream_.peer()};
    auto answered = co_await within(settings_.answering, ask(std::move(asked)));
    co_return answered ? *std::move(answered) : internal_error(answered.error());
  }

  /// In a task of its own, so that a handler may fail before it has made one.
  Task<Response> ask(Asked asked) { co_return co_await handler_(std::move(asked)); }

  static Result<std::string> written(Response response, std::string_view method, bool goes_on) {
    if (!goes_on) response.headers.add("Connection", "close");
    return serialized(response, method);
  }

  Settings const& settings_;
  HttpServer::Handler const& handler_;
  Shared& shared_;
  Stream stream_;
  HttpReader<Request> reader_{settings_.limits};
  std::uint64_t taken_ = 0;  ///< of the budget
  bool is_crowded_ = false;  ///< there was no room for the request
  bool leaving_ = false;     ///< cancelled while a request was answered
};

/// Asio has no option for it.
void share_port(Tcp::acceptor& acceptor, error_code& failure) {
  int const yes = 1;
  if (setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes)) != 0)
    failure.assign(errno, boost::system::system_category());
}

Result<> bind(Tcp::acceptor& acceptor, Tcp::endpoint const& address, bool shares_port) {
  error_code failure;
  acceptor.open(address.protocol(), failure);
  if (!failure) acceptor.set_option(Tcp::acceptor::reuse_address{true}, failure);
  if (!failure && shares_port) share_port(acceptor, failure);
  if (!failure && address.address().is_v6())
    acceptor.set_option(asio::ip::v6_only{!address.address().is_unspecified()}, failure);
  if (!failure) acceptor.bind(address, failure);
  if (!failure) acceptor.listen(Tcp::acceptor::max_listen_connections, failure);
  if (!failure) return ok;
  error_code ignored;
  acceptor.close(ignored);
  return permanent(failure.message());
}

/// All of this machine's addresses where none is given, of both families if it has both.
Result<> bind(Tcp::acceptor& acceptor, Endpoint const& endpoint, bool shares_port) {
  auto const bound = [&](auto const& address) {
    return bind(acceptor, Tcp::endpoint{address, endpoint.port}, shares_port);
  };
  if (endpoint.host.empty() && bound(Tcp::v6())) return ok;
  if (endpoint.host.empty()) return bound(Tcp::v4());
  error_code failure;
  auto const address = asio::ip::make_address(endpoint.host, failure);
  if (failure) return permanent("not an address");
  return bound(address);
}

}  // namespace

struct HttpServer::State {
  Settings settings;
  Tcp::acceptor acceptor;
  std::size_t connections = 0;
  Shared shared{.waiting = {}, .budget = Budget{settings.most_bytes}};

  Task<> converse(Tcp::socket socket, Handler const& handler) {
    std::shared_ptr<void> const counted{nullptr, [this](void*) { --connections; }};
    auto stream = plain(std::move(socket));
    if (settings.tls) {
      auto secured =
          co_await within(settings.opening, secured_as_server(std::move(stream), settings.tls));
      if (!secured) {
        logging::debug("TLS handshake failed", {{"message", secured.error().message}});
        co_return ok;
      }
      stream = *std::move(secured);
    }
    Conversation conversation{settings, handler, shared, std::move(stream)};
    auto const ended = co_await conversation.run();
    if (!ended) logging::debug("connection ended", {{"message", ended.error().message}});
    co_return ok;
  }

  /// Stops listening when it ends, so that nobody waits in vain while the last answers are given.
  Task<> accept(TaskGroup& conversations, Handler const& handler) {
    std::shared_ptr<void> const closes{nullptr, [this](void*) {
                                         error_code ignored;
                                         acceptor.close(ignored);
                                       }};
    while (true) {
      error_code failure;
      auto socket =
          co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
      if (failure == asio::error::operation_aborted) co_return cancelled();
      if (failure) {  // of that one connection, or for a while too many open files
        logging::warning("connection not accepted", {{"message", failure.message()}});
        CO_TRY(co_await system_clock().until(system_clock().now() + 100ms));
        continue;
      }
      if (connections >= settings.most_connections && !shared.waiting.dismiss_longest()) continue;
      ++connections;
      conversations.spawn(converse(std::move(socket), handler));
    }
  }
};

Result<HttpServer> HttpServer::listen(asio::any_io_executor const& executor, Settings settings) {
  auto state = std::make_unique<State>(std::move(settings), Tcp::acceptor{executor});
  auto const bound = bind(state->acceptor, state->settings.address, state->settings.shares_port);
  if (!bound) {
    auto const activity = "listening on " + state->settings.address.text();
    return Failure{Error{bound.error()}.during(activity)};
  }
  return HttpServer{std::move(state)};
}

HttpServer::HttpServer() = default;
HttpServer::HttpServer(std::unique_ptr<State> state) : state_{std::move(state)} {}
HttpServer::HttpServer(HttpServer&&) noexcept = default;
HttpServer& HttpServer::operator=(HttpServer&&) noexcept = default;
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
  error_code failure;
  return state_ ? state_->acceptor.local_endpoint(failure).port() : std::uint16_t{0};
}

Task<> HttpServer::serve(Handler handler) {
  if (!state_) co_return permanent("this server does not listen");
  co_return co_await together([&](TaskGroup& conversations) {
    conversations.spawn(state_->accept(conversations, handler));
  });
}

}  // namespace net
