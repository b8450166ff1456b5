#pragma once
#include "webhook/service.hpp"
#include "webhook/settings.hpp"

#include <atomic>

namespace webhook {

/// The threads that answer, each with its own part of the connections.
class Server {
 public:
  /// All of these have to outlive it.
  Server(Settings const& settings, Service const& service);

  /// How its certificate is made ready. Fails as a thread would that can't use it.
  Result<std::shared_ptr<net::TlsContext>> tls() const;

  /// Until it is cancelled, and all requests that had arrived are answered.
  Task<> serve();

  /// Whether every thread listens.
  Result<> check() const;

  /// From now on each connection ends with its next answer.
  void part() { *parting_ = true; }

 private:
  Task<> serve_here(asio::any_io_executor home);
  void tell() const;

  Settings const& settings_;
  Service const& service_;
  std::size_t threads_;
  std::atomic<std::size_t> listening_ = 0;
  std::shared_ptr<std::atomic<bool>> parting_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace webhook
