#include "test/support/fetched.hpp"

#include "common/net/http_client.hpp"

Task<net::Response> fetched(net::Endpoint server, std::string target) {
  net::HttpClientSettings settings;
  settings.server = std::move(server);
  net::HttpClient client{std::move(settings)};
  co_return co_await client.exchange({.target = std::move(target), .headers = {}, .body = {}},
                                     std::chrono::seconds{5});
}
