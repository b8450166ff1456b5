#include "common/net/http_server.hpp"

#include "common/async/shielded.hpp"
#include "common/logging.hpp"
#include "common/net/http_reader.hpp"
#include "common/net/transport.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <sys/socket.h>

namespace net {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using Tcp = asio::ip::tcp;
using Settings = HttpServerSettings;

Task<> receive_request(Stream& stream, HttpReader<Request>& reader) {
  while (!reader.parser().complete()) CO_TRY(co_await reader.receive(stream));
  co_return ok;
}

Task<> send(Stream& stream, Response response, Limit limit) {
  CO_TRY(auto const bytes, serialized(response));
  co_return co_await within(limit, stream.write(bytes));
}

Response refusal(unsigned status, std::string reason) {
  return {.status = status,
          .headers = {{"Content-Type", "text/plain; charset=utf-8"},
                      {"X-Content-Type-Options", "nosniff"}},
          .body = std::move(reason) + '\n'};
}

/// Reads on for a while what nobody wants, so that the peer gets to read our answer: closing with
/// bytes unread would take that away from it.
Task<> drain(Stream& stream) {
  std::vector<char> unwanted(std::size_t{16} << 10);
  for (std::size_t read = 0; read < std::size_t{16} << 20;) {
    CO_TRY(auto const count, co_await stream.read_some(unwanted));
    if (count == 0) break;
    read += count;
  }
  co_return ok;
}

/// One connection, from request to request.
class Conversation {
 public:
  Conversation(Settings const& settings, HttpServer::Handler const& handler, Stream stream)
      : settings_{settings}, handler_{handler}, stream_{std::move(stream)} {}

  /// A failure is the connection's: the server goes on with the others.
  Task<> run() {
    Result<> begun;
    while (goes_on_ && !leaving_) {
      if (begun && !reader_.has_begun())
        begun = co_await within(settings_.keep_idle, reader_.receive(stream_));
      if (!begun && !reader_.parser().refusal()) co_return begun;
      CO_TRY(co_await shielded(exchange(std::move(begun)), leaving_));
      begun = reader_.restart();
    }
    co_return ok;
  }

 private:
  Task<> exchange(Result<> begun) {
    auto const received =
        begun ? co_await within(settings_.receiving, receive_request(stream_, reader_)) : begun;
    goes_on_ = received && reader_.parser().keeps_alive();
    auto response =
        received ? co_await answer()
                 : refusal(reader_.parser().refusal().value_or(408), received.error().message);
    if (leaving_) goes_on_ = false;
    if (!goes_on_) response.headers.add("Connection", "close");
    CO_TRY(co_await send(stream_, std::move(response), settings_.answering));
    if (goes_on_) co_return ok;
    CO_TRY(co_await within(1s, stream_.say_goodbye()));
    co_return co_await within(1s, drain(stream_));
  }

  asio::awaitable<Response> answer() {
    auto& request = reader_.parser().message();
    bool const head_only = request.method == "HEAD";
    auto answered =
        co_await within(settings_.answering, handler_(Asked{std::move(request), stream_.peer()}));
    auto response = answered ? std::move(*answered) : refusal(500, answered.error().message);
    if (head_only) response.body.clear();
    co_return response;
  }

  Settings const& settings_;
  HttpServer::Handler const& handler_;
  Stream stream_;
  HttpReader<Request> reader_{settings_.limits};
  bool goes_on_ = true;
  bool leaving_ = false;
};

Result<> bind(Tcp::acceptor& acceptor, Tcp::endpoint const& address) {
  error_code failure;
  acceptor.open(address.protocol(), failure);
  if (!failure) acceptor.set_option(Tcp::acceptor::reuse_address{true}, failure);
  if (!failure && address.address().is_v6())
    acceptor.set_option(asio::ip::v6_only{!address.address().is_unspecified()}, failure);
  int const yes = 1;
  (void)::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
  if (!failure) acceptor.bind(address, failure);
  if (!failure) acceptor.listen(Tcp::acceptor::max_listen_connections, failure);
  if (!failure) return ok;
  error_code ignored;
  acceptor.close(ignored);
  return permanent(failure.message());
}

/// All of this machine's addresses where none is given, of both families if it has both.
Result<> bind(Tcp::acceptor& acceptor, Endpoint const& endpoint) {
  if (endpoint.host.empty() && bind(acceptor, Tcp::endpoint{Tcp::v6(), endpoint.port})) return ok;
  if (endpoint.host.empty()) return bind(acceptor, Tcp::endpoint{Tcp::v4(), endpoint.port});
  error_code failure;
  auto const address = asio::ip::make_address(endpoint.host, failure);
  if (failure) return permanent("not an address");
  return bind(acceptor, Tcp::endpoint{address, endpoint.port});
}

}  // namespace

struct HttpServer::State {
  Settings settings;
  Tcp::acceptor acceptor;
  std::size_t connections = 0;

  Task<> converse(Tcp::socket socket, Handler const& handler) {
    std::shared_ptr<void> const counted{nullptr, [this](void*) { --connections; }};
    auto stream = plain(std::move(socket));
    if (settings.tls) {
      auto secured =
          co_await within(settings.receiving, secured_as_server(std::move(stream), settings.tls));
      if (!secured) {
        logging::debug("TLS handshake failed", {{"message", secured.error().message}});
        co_return ok;
      }
      stream = *std::move(secured);
    }
    Conversation conversation{settings, handler, std::move(stream)};
    auto const ended = co_await conversation.run();
    if (!ended) logging::debug("connection ended", {{"message", ended.error().message}});
    co_return ok;
  }

  Task<> accept(TaskGroup& conversations, Handler const& handler) {
    while (true) {
      error_code failure;
      auto socket =
          co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
      if (failure == asio::error::operation_aborted) break;  // cancelled
      if (failure) {  // of that one connection, or for a while too many open files
        logging::warning("connection not accepted", {{"message", failure.message()}});
        CO_TRY(co_await system_clock().until(system_clock().now() + 100ms));
        continue;
      }
      if (connections == settings.most_connections) continue;
      ++connections;
      conversations.spawn(converse(std::move(socket), handler));
    }
    error_code ignored;
    acceptor.close(ignored);  // so that nobody waits in vain while the last answers are given
    co_return cancelled();
  }
};

Result<HttpServer> HttpServer::listen(asio::any_io_executor const& executor, Settings settings) {
  auto state = std::make_unique<State>(std::move(settings), Tcp::acceptor{executor});
  auto const bound = bind(state->acceptor, state->settings.address);
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
