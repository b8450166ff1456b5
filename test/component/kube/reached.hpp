#pragma once
#include "common/kube/client.hpp"
#include "test/support/api_server.hpp"
#include "test/support/run.hpp"

#include <functional>
#include <string>

/// How a test's client shows who it is: by the server's own client certificate, or by a token.
kube::Config config_for(ApiServer const& server, std::string const& token = {});

using ClientWork = std::function<Task<>(kube::Client&)>;

/// Runs `work` with a client of its own.
Task<> with_client(kube::Config config, ClientWork work,
                   Limit answering = std::chrono::seconds{30});

inline Result<> ask(ApiServer const& server, ClientWork work) {
  return run(with_client(config_for(server), std::move(work)));
}

/// A config map with one value.
json::object config_map(kube::ObjectRef const& ref, std::string_view value);
