#include "test/support/fetched.hpp"

Task<net::Response> fetched(net::HttpClientSettings settings, net::Request request) {
  net::HttpClient client{std::move(settings)};
  co_return co_await client.exchange(std::move(request), std::chrono::seconds{5});
}

Task<net::Response> fetched(net::Endpoint server, std::string target) {
  net::HttpClientSettings settings;
  settings.server = std::move(server);
  return fetched(std::move(settings), {.target = std::move(target), .headers = {}, .body = {}});
}
