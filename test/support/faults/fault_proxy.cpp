#include "test/support/faults/fault_proxy.hpp"

#include "test/support/faults/session.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <thread>
#include <utility>

namespace faults {
namespace {

asio::awaitable<void> serve(Tcp::socket socket, Shared& shared) {
  Session session{std::move(socket), shared};
  co_await session.run();
}

/// Given to what may fail: a connection that fails ends, and that is all.
void ends(std::exception_ptr const&) {}

asio::awaitable<void> accept(Tcp::acceptor& acceptor, Shared& shared) {
  while (true) {
    auto socket = co_await acceptor.async_accept(asio::use_awaitable);
    auto const executor = socket.get_executor();
    asio::co_spawn(executor, serve(std::move(socket), shared), ends);
  }
}

}  // namespace

/// In this order: coroutines that still wait are destroyed with the loop, and refer to the rest.
struct FaultProxy::Running {
  Running(ApiServer const& server, std::uint16_t port)
      : identity{new_identity()},
        shared{.server = server,
               .own_credentials = client_context(server, Credentials::Own),
               .no_credentials = client_context(server, Credentials::None),
               .identity = server_context(identity),
               .script = {},
               .journal = {},
               .watches = {},
               .clients = {}},
        acceptor{loop, {asio::ip::address_v4::loopback(), port}} {
    asio::co_spawn(loop, accept(acceptor, shared), ends);
    thread = std::jthread{[this] { loop.run(); }};
  }

  /// Runs `action` on the proxy's thread, and waits for its end.
  template <class Action>
  void on_loop(Action const& action) {
    asio::post(loop, asio::use_future(action)).get();
  }

  ServerIdentity identity;
  Shared shared;
  asio::io_context loop{1};
  Tcp::acceptor acceptor;
  std::jthread thread;
};

FaultProxy::FaultProxy(ApiServer const& server, std::uint16_t port)
    : running_{std::make_unique<Running>(server, port)} {}

FaultProxy::~FaultProxy() { running_->loop.stop(); }

ApiServer FaultProxy::address() const {
  return {.host = "127.0.0.1",
          .port = std::to_string(running_->acceptor.local_endpoint().port()),
          .authority = running_->identity.authority,
          .certificate = "",
          .key = ""};
}

void FaultProxy::inject(Match const& match, RequestFault const& fault) {
  running_->on_loop([&] { running_->shared.script.add(match, fault); });
}

void FaultProxy::inject(EventMatch const& match, EventFault const& fault) {
  running_->on_loop([&] { running_->shared.script.add(match, fault); });
}

void FaultProxy::inject(Script script) {
  running_->on_loop([&] { running_->shared.script = std::move(script); });
}

void FaultProxy::forget_faults() {
  running_->on_loop([&] { running_->shared.script.clear(); });
}

void FaultProxy::freeze(std::string const& resource) {
  running_->on_loop([&] { running_->shared.watches.freeze(resource); });
}

void FaultProxy::thaw(std::string const& resource) {
  running_->on_loop([&] { running_->shared.watches.thaw(resource); });
}

void FaultProxy::end_watches(std::string const& resource, End const& how) {
  running_->on_loop([&] { running_->shared.watches.end(resource, how); });
}

void FaultProxy::present(ServerIdentity const& identity) {
  running_->on_loop([&] {
    running_->identity = identity;
    running_->shared.identity = server_context(identity);
  });
}

void FaultProxy::reset_connections() {
  running_->on_loop([&] {
    for (auto* client : running_->shared.clients) client->reset();
  });
}

Journal const& FaultProxy::journal() const { return running_->shared.journal; }

int FaultProxy::received(std::string_view verb, std::string_view resource) const {
  return static_cast<int>(std::ranges::count_if(journal().entries(), [&](Exchange const& it) {
    return it.call.verb == verb && it.call.resource == resource;
  }));
}

int FaultProxy::reached_server(std::string_view verb, std::string_view resource) const {
  return static_cast<int>(std::ranges::count_if(journal().entries(), [&](Exchange const& it) {
    return it.reached_server && it.call.verb == verb && it.call.resource == resource;
  }));
}

}  // namespace faults
