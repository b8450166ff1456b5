#include "test/component/kube/reached.hpp"

#include <charconv>

kube::Config config_for(ApiServer const& server, std::string const& token) {
  kube::Config config;
  config.server.endpoint.host = server.host;
  std::from_chars(server.port.data(), server.port.data() + server.port.size(),
                  config.server.endpoint.port);
  config.tls.authorities = Secret{std::string{server.authority}};
  if (!token.empty())
    config.login = kube::BearerToken{Secret{std::string{token}}};
  else if (!server.certificate.empty())
    config.tls.identity =
        net::Identity{Secret{std::string{server.certificate}}, Secret{std::string{server.key}}};
  return config;
}

Task<> with_client(kube::Config config, ClientWork work, Limit answering) {
  CO_TRY(auto const session,
         kube::Session::create(std::move(config),
                               {.user_agent = "component-tests", .answering = answering},
                               system_clock(), {}));
  kube::Client client{*session, "component-tests"};
  co_return co_await work(client);
}

json::object config_map(kube::ObjectRef const& ref, std::string_view value) {
  return {{"apiVersion", "v1"},
          {"kind", "ConfigMap"},
          {"metadata", {{"name", ref.name}, {"namespace", ref.namespace_name}}},
          {"data", {{"value", value}}}};
}
