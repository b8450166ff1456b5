#include "common/async/notice.hpp"
#include "common/net/transport.hpp"

#include <string>
#include <vector>

namespace net {
namespace {

using boost::system::error_code;
using Tcp = asio::ip::tcp;

/// The system's resolver works on one name after the other, and can't be interrupted: who stops
/// waiting for it leaves this behind. Even the end of the process waits for what it works on.
struct Lookup {
  explicit Lookup(asio::any_io_executor const& executor) : resolver{executor} {}

  Tcp::resolver resolver;
  Notice answered;
  Result<std::vector<Tcp::endpoint>> answer = cancelled();
};

Result<std::vector<Tcp::endpoint>> answer_of(error_code failure,
                                             Tcp::resolver::results_type const& found) {
  if (failure) return Failure{from(failure)};
  return std::vector<Tcp::endpoint>{found.begin(), found.end()};
}

Task<std::vector<Tcp::endpoint>> resolve(Endpoint endpoint) {
  auto const lookup = std::make_shared<Lookup>(co_await asio::this_coro::executor);
  lookup->resolver.async_resolve(
      endpoint.host, std::to_string(endpoint.port), Tcp::resolver::numeric_service,
      [lookup](error_code failure, Tcp::resolver::results_type const& found) {
        lookup->answer = answer_of(failure, found);
        lookup->answered.give();
      });
  auto const waited = co_await lookup->answered.after(0);
  lookup->resolver.cancel();  // if it has not begun, it need not
  CO_TRY(waited);
  co_return lookup->answer;
}

Task<Stream> connect_to(Tcp::endpoint address) {
  Tcp::socket socket{co_await asio::this_coro::executor};
  error_code failure;
  co_await socket.async_connect(address, asio::redirect_error(asio::use_awaitable, failure));
  if (failure) co_return Failure{from(failure)};
  co_return plain(std::move(socket));
}

Task<Stream> connect_to_any(Endpoint endpoint, Limit limit) {
  CO_TRY(auto const addresses, co_await resolve(std::move(endpoint)));
  Result<Stream> outcome = transient("the name has no address");
  for (auto const& address : addresses) {
    outcome = co_await within(limit / addresses.size(), connect_to(address));
    if (outcome || outcome.error().fault == Fault::Cancelled) break;
  }
  co_return outcome;
}

}  // namespace

Task<Stream> connect(Endpoint endpoint, Limit limit) {
  co_return co_await within(limit, connect_to_any(std::move(endpoint), limit));
}

}  // namespace net
