#include "webhook/server.hpp"

#include "common/async/task_group.hpp"
#include "common/async/threads.hpp"
#include "common/logging.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <thread>

namespace webhook {
namespace {

using namespace std::chrono_literals;

/// API servers let an object of 3 MiB in, and send two of them: with the one before.
constexpr std::uint64_t longest_body = std::uint64_t{7} << 20;
/// For all threads together, so that clients can't make us grow.
constexpr std::uint64_t most_bytes = std::uint64_t{16} << 20;
/// Longer than the 90 s after which an API server ends an idle connection: it must never be us.
constexpr auto keep_idle = 300s;

std::size_t cores() { return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 16); }

Task<net::Response> answered(Service const& service, net::Asked asked) {
  co_return service.answer(asked.request);
}

}  // namespace

Server::Server(Settings const& settings, Service const& service)
    : settings_{settings},
      service_{service},
      threads_{settings.threads > 0 ? settings.threads : cores()} {}

Result<std::shared_ptr<net::TlsContext>> Server::tls() const {
  auto const& folder = settings_.certificates;
  auto const& authorities = settings_.client_authorities;
  net::TlsSettings tls{.role = net::TlsRole::Server,
                       .peer = net::PeerCheck::None,
                       .authorities = {},
                       .identity = net::Identity{.certificates = net::PemFile{folder + "/tls.crt"},
                                                 .key = net::PemFile{folder + "/tls.key"}},
                       .least = settings_.least_tls};
  if (!authorities.empty()) {
    tls.peer = net::PeerCheck::Required;
    tls.authorities = net::PemFile{authorities};
  }
  auto made = net::TlsContext::create(std::move(tls));
  if (!made) return Failure{std::move(made).error().during("--cert-dir")};
  return made;
}

Task<> Server::serve() {
  auto const home = co_await asio::this_coro::executor;
  co_return co_await together([this, &home](TaskGroup& group) {
    for (std::size_t index = 0; index < threads_; ++index)
      group.spawn(on_own_thread([this, home] { return serve_here(home); }));
  });
}

void Server::tell() const {
  logging::info("listening",
                {{"for", "reviews"}, {"address", settings_.address.text()}, {"threads", threads_}});
}

Task<> Server::serve_here(asio::any_io_executor home) {
  net::HttpServerSettings http{
      .address = settings_.address,
      .tls = {},
      .limits = {.head = 64 * 1024, .body = longest_body},
      .keep_idle = keep_idle,
      .most_connections = std::max<std::size_t>(settings_.connections / threads_, 1),
      .shares_port = true,
      .most_bytes = std::max(most_bytes / threads_, longest_body),
      .parting = parting_};
  CO_TRY(http.tls, tls());
  CO_TRY(auto server, net::HttpServer::listen(co_await asio::this_coro::executor, std::move(http)));
  if (++listening_ == threads_) asio::post(home, [this] { tell(); });
  co_return co_await server.serve(
      [this](net::Asked asked) { return answered(service_, std::move(asked)); });
}

Result<> Server::check() const {
  if (listening_ < threads_) return transient("not listening yet");
  return ok;
}

}  // namespace webhook
