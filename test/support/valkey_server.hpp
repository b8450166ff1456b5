#pragma once
#include "common/net/endpoint.hpp"
#include "test/support/folder.hpp"
#include "test/support/process.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

enum class Speaks { Plain, Tls };

/// A valkey-server on the loopback device, with a folder of its own; killed when the test ends.
class ValkeyServer {
 public:
  /// With these lines in its configuration, such as "cluster-enabled yes". Takes connections once
  /// this has ended, and may still be loading.
  explicit ValkeyServer(std::vector<std::string> const& settings = {}, Speaks what = Speaks::Plain);

  /// At an address of the loopback device, on the ports that servers have in pods.
  ValkeyServer(std::string address, std::vector<std::string> const& settings);

  net::Endpoint endpoint() const { return {.host = address_, .port = port_}; }
  std::uint16_t bus_port() const { return bus_port_; }

  void send(int signal) const { process_->send(signal); }

  /// Kills it, and starts it again in the same place with these lines more.
  void restart(std::vector<std::string> const& more = {});

  /// The same, without its identity and its data.
  void restart_empty();

 private:
  void configure(std::vector<std::string> const& settings, Speaks what);
  void start(std::vector<std::string> const& more);

  Folder folder_;
  std::string address_;
  std::vector<std::string> settings_;
  std::uint16_t port_;
  std::uint16_t bus_port_;
  std::unique_ptr<Process> process_;
};
