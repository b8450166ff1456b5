#pragma once
#include "common/async/task.hpp"
#include "common/net/endpoint.hpp"
#include "common/net/http.hpp"

/// What a server says to GET `target`, over a connection of its own.
Task<net::Response> fetched(net::Endpoint server, std::string target);
