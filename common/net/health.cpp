#include "common/net/health.hpp"

#include "common/logging.hpp"
#include "common/metrics.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <fmt/core.h>

namespace net {
namespace {

bool is_read(Request const& request) { return request.method == "GET" || request.method == "HEAD"; }

struct Target {
  std::string_view path;
  std::vector<std::string_view> parameters;
};

Target target_of(Request const& request) {
  std::string_view rest = request.target;
  auto const mark = std::min(rest.find('?'), rest.size());
  Target target{.path = rest.substr(0, mark), .parameters = {}};
  rest.remove_prefix(std::min(mark + 1, rest.size()));
  while (!rest.empty()) {
    auto const end = std::min(rest.find('&'), rest.size());
    target.parameters.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return target;
}

bool asks_for(Target const& target, std::string_view parameter) {
  return std::ranges::any_of(target.parameters, [&](std::string_view given) {
    return given == parameter || given == std::string{parameter} + "=true";
  });
}

/// Also as an IPv4 address in IPv6.
bool is_this_machine(std::string const& host) {
  boost::system::error_code failure;
  auto const address = boost::asio::ip::make_address(host, failure);
  if (failure || address.is_v4() || !address.to_v6().is_v4_mapped()) return address.is_loopback();
  return address.to_v6().to_bytes()[12] == 127;
}

bool is_excluded(Target const& target, std::string const& name) {
  return std::ranges::find(target.parameters, "exclude=" + name) != target.parameters.end();
}

}  // namespace

Response Health::answer(Request const& request) const {
  auto const target = target_of(request);
  auto const slash = std::min(target.path.find('/', 1), target.path.size());
  auto const endpoint = target.path.substr(0, slash);
  auto const only = target.path.substr(slash).substr(slash < target.path.size() ? 1 : 0);
  bool const is_readiness = endpoint == "/readyz";
  if (!is_readiness && endpoint != "/healthz" && endpoint != "/livez")
    return plain_text(404, "there are /healthz, /livez, /readyz and /loglevel\n");
  if (!is_read(request)) return plain_text(405, "only GET\n");

  bool well = true;
  bool found = only.empty();
  std::string details;
  for (auto const& [name, check] : is_readiness ? ready_ : alive_) {
    if (!only.empty() && name != only) continue;
    found = true;
    if (is_excluded(target, name)) {
      details += fmt::format("[+]{} excluded: ok\n", name);
      continue;
    }
    auto const outcome = check();
    well = well && outcome;
    details += outcome ? fmt::format("[+]{} ok\n", name)
                       : fmt::format("[-]{} failed: {}\n", name, outcome.error().message);
  }
  if (!found) return plain_text(404, fmt::format("there is no check {}\n", only));
  auto const verdict = fmt::format("{} check {}\n", endpoint.substr(1), well ? "passed" : "failed");
  if (!well) return plain_text(503, details + verdict);
  return plain_text(200, asks_for(target, "verbose") ? details + verdict : "ok");
}

Response metrics_answer(Request const& request) {
  if (target_of(request).path != "/metrics") return plain_text(404, "there is only /metrics\n");
  if (!is_read(request)) return plain_text(405, "only GET\n");
  return {.status = 200,
          .headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"},
                      {"X-Content-Type-Options", "nosniff"}},
          .body = metrics::exposition()};
}

Response log_level_answer(Asked const& asked) {
  if (!is_this_machine(asked.peer.host))
    return plain_text(403, "only from this machine: use kubectl port-forward\n");
  if (asked.request.method != "PUT") return plain_text(405, "only PUT\n");
  auto const level = logging::level_named(asked.request.body);
  if (!level) return plain_text(400, "the body has to be debug, info, warning or error\n");
  logging::set_level(*level);
  return plain_text(200, "ok\n");
}

}  // namespace net
