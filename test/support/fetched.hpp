#pragma once
#include "common/net/http_client.hpp"

/// What a server says to a request, over a connection of its own.
Task<net::Response> fetched(net::HttpClientSettings settings, net::Request request);

/// The same to GET `target`, in plain HTTP.
Task<net::Response> fetched(net::Endpoint server, std::string target);
