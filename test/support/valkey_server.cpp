#include "test/support/valkey_server.hpp"

#include <arpa/inet.h>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <netinet/in.h>
#include <sched.h>
#include <sstream>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace {

constexpr std::chrono::seconds longest_start{10};

/// A socket on the loopback device.
class Socket {
 public:
  Socket() : file_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {}
  Socket(Socket const&) = delete;
  Socket& operator=(Socket const&) = delete;
  ~Socket() { close(file_); }

  bool bind_to(std::uint16_t port) const { return apply(::bind, port, htonl(INADDR_LOOPBACK)); }
  bool connect_to(net::Endpoint const& where) const {
    return apply(::connect, where.port, inet_addr(where.host.c_str()));
  }

  std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    REQUIRE(getsockname(file_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    return ntohs(address.sin_port);
  }

 private:
  bool apply(int (*action)(int, sockaddr const*, socklen_t), std::uint16_t port,
             in_addr_t host) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = host;
    return action(file_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }

  int file_;
};

std::uint16_t free_port() {
  Socket const socket;
  REQUIRE(socket.bind_to(0));
  return socket.port();
}

void wait_until_taken(net::Endpoint const& where) {
  auto const end = std::chrono::steady_clock::now() + longest_start;
  bool is_taken = false;
  while (!is_taken && std::chrono::steady_clock::now() < end) {
    is_taken = Socket{}.connect_to(where);
    sched_yield();
  }
  REQUIRE(is_taken);
}

/// Debian's valkey-server package starts a service when it is installed. What it starts is the
/// program of valkey-tools, which goes by its name.
std::filesystem::path program() {
  std::istringstream path{std::getenv("PATH")};
  for (std::string place; std::getline(path, place, ':');)
    if (auto file = std::filesystem::path{place} / "valkey-check-rdb"; exists(file)) return file;
  FAIL("valkey-tools is missing; scripts/setup installs it");
  return {};
}

}  // namespace

ValkeyServer::ValkeyServer(std::vector<std::string> const& settings, Speaks what)
    : address_{"127.0.0.1"}, port_{free_port()}, bus_port_{free_port()} {
  configure(settings, what);
}

ValkeyServer::ValkeyServer(std::string address, std::vector<std::string> const& settings)
    : address_{std::move(address)}, port_{6379}, bus_port_{16379} {
  configure(settings, Speaks::Plain);
}

void ValkeyServer::configure(std::vector<std::string> const& settings, Speaks what) {
  std::filesystem::create_symlink(program(), folder_.path("valkey-server"));
  auto const* const port = what == Speaks::Tls ? "port 0\ntls-port" : "port";
  settings_ = {fmt::format("{} {}", port, port_), "bind " + address_, "save \"\"",
               "dir " + folder_.path("")};
  for (auto const& setting : settings) {
    settings_.push_back(setting);
    if (setting == "cluster-enabled yes")
      settings_.push_back(fmt::format("cluster-port {}", bus_port_));
  }
  start({});
}

void ValkeyServer::restart(std::vector<std::string> const& more) {
  process_.reset();
  start(more);
}

void ValkeyServer::restart_empty() {
  process_.reset();
  std::filesystem::remove(folder_.path("nodes.conf"));
  start({});
}

void ValkeyServer::start(std::vector<std::string> const& more) {
  auto const settings = folder_.write(
      "valkey.conf", fmt::format("{}\n{}\n", fmt::join(settings_, "\n"), fmt::join(more, "\n")));
  std::vector<std::string> command{folder_.path("valkey-server"), settings};
  process_ = std::make_unique<Process>(std::move(command));
  wait_until_taken(endpoint());
}
