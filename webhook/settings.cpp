#include "webhook/settings.hpp"

#include "common/kube/duration.hpp"

#include <charconv>

namespace webhook {
namespace {

Flag::Take number_into(std::size_t& target, std::size_t least, std::size_t most) {
  return [&target, least, most](std::string const& given) -> Result<> {
    std::size_t count = 0;
    auto const* const end = given.data() + given.size();
    auto const [rest, error] = std::from_chars(given.data(), end, count);
    if (error != std::errc{} || rest != end || count < least || count > most)
      return invalid("must be a number from " + std::to_string(least) + " to " +
                     std::to_string(most));
    target = count;
    return ok;
  };
}

Flag::Take delay_into(Clock::Duration& target) {
  return [&target](std::string const& given) -> Result<> {
    constexpr auto most = std::chrono::minutes{5};
    auto const delay = kube::parse_duration(given);
    if (!delay || delay->count() < 0 || *delay > most)
      return invalid("must be a duration from 0s to 5m");
    target = *delay;
    return ok;
  };
}

Flag::Take version_into(net::TlsVersion& target) {
  return [&target](std::string const& given) -> Result<> {
    if (given != "1.2" && given != "1.3") return invalid("must be 1.2 or 1.3");
    target = given == "1.3" ? net::TlsVersion::V1_3 : net::TlsVersion::V1_2;
    return ok;
  };
}

/// Unlike others it has to be somewhere.
Flag::Take endpoint_into(net::Endpoint& target) {
  return [&target](std::string const& given) -> Result<> {
    TRY(target, net::listen_address(given));
    return ok;
  };
}

}  // namespace

std::vector<Flag> flags_of(Settings& settings) {
  constexpr std::size_t most_threads = 64;
  constexpr std::size_t most_connections = 65536;
  std::vector<Flag> flags{
      {.name = "--bind-address",
       .value = "ADDRESS",
       .meaning = "Where /mutate and /validate are answered, over TLS (default :9443)",
       .target = endpoint_into(settings.address)},
      {.name = "--cert-dir",
       .value = "FOLDER",
       .meaning = "Where tls.crt and tls.key are, which are read again when they change (default "
                  "/tls/serving)",
       .target = text_into(settings.certificates)},
      {.name = "--client-ca-path",
       .value = "FILE",
       .meaning = "Answer only who shows a certificate by one of these authorities (default: "
                  "everybody)",
       .target = text_into(settings.client_authorities)},
      {.name = "--tls-min-version",
       .value = "VERSION",
       .meaning = "The oldest TLS that is spoken: 1.2 (the default) or 1.3",
       .target = version_into(settings.least_tls)},
      {.name = "--policy-modes",
       .value = "FILE",
       .meaning = "YAML that says which policies deny, warn, audit or are off, read again when it "
                  "changes (default: what is usual for each)",
       .target = text_into(settings.modes_file)},
      {.name = "--operator-user",
       .value = "NAME",
       .meaning = "Whom no policy hinders, such as system:serviceaccount:NAMESPACE:NAME",
       .target = text_into(settings.operator_user)},
      {.name = "--threads",
       .value = "NUMBER",
       .meaning = "How many threads answer (default: one a core)",
       .target = number_into(settings.threads, 1, most_threads)},
      {.name = "--max-connections",
       .value = "NUMBER",
       .meaning = "How many connections there may be at once (default 1024)",
       .target = number_into(settings.connections, 1, most_connections)},
      {.name = "--shutdown-delay",
       .value = "DURATION",
       .meaning = "How long requests are still answered once this is told to stop: half of it as "
                  "ever, half of it with the advice to connect elsewhere (default 10s)",
       .target = delay_into(settings.shutdown_delay)}};
  for (auto& flag : flags_of(settings.monitoring)) flags.push_back(std::move(flag));
  return flags;
}

}  // namespace webhook
