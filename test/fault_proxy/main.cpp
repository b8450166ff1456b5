// A faults::FaultProxy as a program: between an API server and whoever uses the kubeconfig that it
// writes.
#include "common/async/signals.hpp"
#include "common/base64.hpp"
#include "common/file.hpp"
#include "common/kube/config.hpp"
#include "common/net/url.hpp"
#include "test/support/faults/fault_proxy.hpp"
#include "test/support/faults/rules_file.hpp"
#include "test/support/run.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <cstdio>
#include <fmt/core.h>
#include <fstream>
#include <sys/stat.h>

namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 20U;

struct Flags {
  std::string kubeconfig;
  std::string listen = "127.0.0.1";
  std::string rules;
  std::string written;
};

Result<std::string> text_of(net::Pem const& pem) {
  if (auto const* const secret = std::get_if<Secret>(&pem)) return std::string{secret->reveal()};
  return read_file(std::get<net::PemFile>(pem).path, most_bytes);
}

/// Only what the proxy can do: an address, and no login but a client certificate.
Result<ApiServer> api_server(std::string const& kubeconfig) {
  TRY(auto const config, kube::from_kubeconfig({kubeconfig}, "", current_environment()));
  auto const& [host, port] = config.server.endpoint;
  boost::system::error_code failure;
  (void)asio::ip::make_address(host, failure);
  if (failure || !config.server.path.empty())
    return invalid("--kubeconfig: clusters: server: has to be https://ADDRESS:PORT");
  if (!config.tls.authorities)
    return invalid("--kubeconfig: clusters: certificate-authority: is missing");
  if (!std::holds_alternative<std::monostate>(config.login))
    return invalid("--kubeconfig: users: only a client certificate can be used");
  ApiServer server{
      .host = host, .port = std::to_string(port), .authority = {}, .certificate = {}, .key = {}};
  TRY(server.authority, text_of(*config.tls.authorities));
  if (!config.tls.identity) return server;
  TRY(server.certificate, text_of(config.tls.identity->certificates));
  TRY(server.key, text_of(config.tls.identity->key));
  return server;
}

Result<std::uint16_t> port_of(std::string const& listen) {
  auto const url = net::parse_url("https://" + listen);
  if (!url || url->host != "127.0.0.1" || !url->path.empty() || url->user)
    return invalid("--listen: has to be 127.0.0.1:PORT, which the proxy's certificate names");
  return url->port;
}

Result<faults::Script> script(std::string const& path) {
  if (path.empty()) return faults::Script{};
  TRY(auto const text, read_file(path, most_bytes));
  auto parsed = faults::parse_rules(text);
  if (!parsed) return Failure{std::move(parsed).error().during("--rules " + path)};
  return parsed;
}

/// In JSON, which is YAML too. kubectl asks for a password if there is no user at all.
std::string kubeconfig_of(ApiServer const& proxy, ApiServer const& server) {
  auto const encoded = [](std::string const& text) { return base64::encoded(text); };
  auto const named = [](std::string_view what, json::object about) {
    return json::array{{{"name", "proxy"}, {what, std::move(about)}}};
  };
  json::object user;
  if (!server.certificate.empty())
    user = {{"client-certificate-data", encoded(server.certificate)},
            {"client-key-data", encoded(server.key)}};
  return json::serialize(json::object{
      {"apiVersion", "v1"},
      {"kind", "Config"},
      {"current-context", "proxy"},
      {"contexts", named("context", {{"cluster", "proxy"}, {"user", "proxy"}})},
      {"clusters", named("cluster", {{"server", proxy.url()},
                                     {"certificate-authority-data", encoded(proxy.authority)}})},
      {"users", named("user", std::move(user))}});
}

Task<> until_told_to_stop() {
  StopSignals signals{co_await asio::this_coro::executor};
  co_return co_await signals.received();
}

Result<> proxied(Flags const& flags) {
  TRY(auto const server, api_server(flags.kubeconfig));
  TRY(auto const port, port_of(flags.listen));
  TRY(auto rules, script(flags.rules));
  faults::FaultProxy proxy{server, port};
  proxy.inject(std::move(rules));
  (void)::umask(S_IRWXG | S_IRWXO);
  std::ofstream file{flags.written};
  file << kubeconfig_of(proxy.address(), server) << '\n';
  if (!file.flush())
    return transient("--write-kubeconfig " + flags.written + ": cannot be written");
  fmt::print(stderr, "listening on {}\n", proxy.address().url());
  return run(until_told_to_stop());
}

}  // namespace

int main(int count, char** arguments) try {
  (void)std::signal(SIGPIPE, SIG_IGN);
  Flags flags;
  CLI::App app{
      "Stands between an API server and its clients, and makes go wrong what it is told to.",
      "fault-proxy"};
  app.add_option("--kubeconfig", flags.kubeconfig, "Where the API server is")->required();
  app.add_option("--listen", flags.listen, "127.0.0.1:PORT; any port if none is given");
  app.add_option("--rules", flags.rules, "What is to go wrong, as JSON");
  app.add_option("--write-kubeconfig", flags.written, "For the proxy's clients")->required();
  CLI11_PARSE(app, count, arguments);
  auto const ended = proxied(flags);
  if (ended || ended.error().fault == Fault::Cancelled) return 0;
  fmt::print(stderr, "fault-proxy: {}\n", ended.error().message);
  return 1;
} catch (std::exception const& unexpected) {
  (void)std::fprintf(stderr, "fault-proxy: %s\n", unexpected.what());
  return 1;
}
