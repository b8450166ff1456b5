#include "test/support/scripted_api.hpp"

#include <boost/json/serialize.hpp>

ScriptedApi::ScriptedApi(ManualLoop& loop, Answer answer, kube::Config config,
                         std::shared_ptr<net::TlsContext> const& tls,
                         kube::SessionSettings settings)
    : loop_{loop},
      answer_{std::move(answer)},
      server_{net::HttpServer::listen(loop.executor(), {.address = {"127.0.0.1", 0}, .tls = tls})
                  .value()} {
  serving_ =
      loop_.start(server_.serve([this](net::Asked asked) { return answered(std::move(asked)); }));
  config.server.scheme = tls ? kube::Server::Scheme::Https : kube::Server::Scheme::Http;
  config.server.endpoint = {"127.0.0.1", server_.port()};
  session_ =
      kube::Session::create(std::move(config), std::move(settings), loop_.clock(), {}).value();
  client_ = std::make_unique<kube::Client>(*session_, "test");
}

ScriptedApi::~ScriptedApi() {
  over_.give();
  serving_.cancel();
  client_.reset();
  session_.reset();
  loop_.until([this] { return !serving_.is_running(); });
}

Task<net::Response> ScriptedApi::answered(net::Asked asked) {
  auto const& request = asked.request;
  peers_.insert(asked.peer.port);
  auto const path = request.target.substr(0, request.target.find('?'));
  asked_.push_back(request.method + " " + path.substr(path.rfind('/') + 1));
  if (to_swallow_ > 0) {
    --to_swallow_;
    swallowed_at_ = loop_.clock().now();
    CO_TRY(co_await over_.after(0));
    co_return transient("over");
  }
  co_return answer_(request);
}

net::Response json_answer(json::object const& document) {
  return {.status = 200,
          .headers = {{"Content-Type", "application/json"}},
          .body = json::serialize(document)};
}

net::Response refusal(unsigned code, std::string_view reason) {
  json::object const status{
      {"kind", "Status"}, {"status", "Failure"}, {"code", code}, {"reason", reason}};
  auto answer = json_answer(status);
  answer.status = code;
  return answer;
}
