#include "common/net/http_server.hpp"

#include "common/net/http_client.hpp"
#include "test/support/captured_errors.hpp"
#include "test/support/certificates.hpp"
#include "test/support/listener.hpp"
#include "test/support/run.hpp"

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <netinet/in.h>
#include <sys/socket.h>

namespace {

using namespace std::chrono_literals;
using net::Asked;
using net::Endpoint;
using net::HttpServer;
using net::HttpServerSettings;
using net::Response;
using net::Stream;

Task<Response> echo(Asked asked) {
  if (asked.request.target == "/fails") co_return permanent("the handler failed");
  if (asked.request.target == "/throws") throw std::runtime_error{"boom"};
  if (asked.request.target == "/slow") CO_TRY(co_await expiry(system_clock(), 1min));
  co_return Response{.headers = {{"X-Target", asked.request.target}},
                     .body = std::move(asked.request.body)};
}

using Work = std::function<Task<std::string>(Endpoint)>;

/// What `work` makes of a server that serves meanwhile.
Task<std::string> beside_a_server(Work work, HttpServerSettings settings,
                                  HttpServer::Handler handler) {
  settings.address = {"127.0.0.1", 0};
  auto const executor = co_await asio::this_coro::executor;
  CO_TRY(auto server, HttpServer::listen(executor, std::move(settings)));
  auto const recorded = [](Task<std::string> task, Result<std::string>& outcome) -> Task<> {
    outcome = co_await guarded(std::move(task));
    co_return cancelled();
  };
  Result<std::string> outcome;
  auto const ended =
      co_await within(5s, together([&](TaskGroup& group) {
                        group.spawn(server.serve(handler));
                        group.spawn(recorded(work({"127.0.0.1", server.port()}), outcome));
                      }));
  if (!ended && ended.error().fault != Fault::Cancelled) co_return Failure{ended.error()};
  co_return outcome;
}

std::string ask(Work work, HttpServerSettings settings = {}, HttpServer::Handler handler = echo) {
  auto outcome = run(beside_a_server(std::move(work), std::move(settings), std::move(handler)));
  return outcome ? *outcome : "failed: " + outcome.error().message;
}

/// Sends `bytes`, and tells all that comes back until the server closes.
Work sending(std::string const& bytes) {
  return [bytes](Endpoint server) -> Task<std::string> {
    return [](Endpoint to, std::string text) -> Task<std::string> {
      CO_TRY(auto stream, co_await net::connect(to, 1s));
      CO_TRY(co_await stream.write(text));
      co_return co_await read_all(stream);
    }(std::move(server), bytes);
  };
}

}  // namespace

TEST_CASE("a request is answered, and the connection closed when that is asked for") {
  CHECK(ask(sending("POST /x HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi")) ==
        "HTTP/1.1 200 \r\nX-Target: /x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");
}

TEST_CASE("requests that come together are answered in order") {
  CHECK(ask(sending("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\nConnection: close\r\n\r\n")) ==
        "HTTP/1.1 200 \r\nX-Target: /1\r\nContent-Length: 0\r\n\r\n"
        "HTTP/1.1 200 \r\nX-Target: /2\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

namespace {

constexpr std::string_view internal_error =
    "HTTP/1.1 500 \r\nContent-Type: text/plain; charset=utf-8\r\n"
    "X-Content-Type-Options: nosniff\r\nContent-Length: 15\r\n\r\ninternal error\n";

}  // namespace

SCENARIO("a handler that fails is answered for, and its reason logged but not told") {
  CapturedErrors const log;
  std::string const last = "GET /last HTTP/1.0\r\n\r\n";
  std::string const goodbye =
      "HTTP/1.1 200 \r\nX-Target: /last\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  auto const answer_to = [&](std::string const& target, HttpServer::Handler handler = echo) {
    return ask(sending("GET " + target + " HTTP/1.1\r\n\r\n" + last), {}, std::move(handler));
  };
  THEN("when it says so") {
    CHECK(answer_to("/fails") == std::string{internal_error} + goodbye);
    CHECK(log.text().contains("the handler failed"));
  }
  THEN("when it throws") {
    CHECK(answer_to("/throws") == std::string{internal_error} + goodbye);
    CHECK(log.text().contains("unexpected exception: boom"));
  }
  THEN("when it throws before there is a task") {
    CHECK(answer_to("/", [](Asked asked) -> Task<Response> {
            if (asked.request.target == "/") throw std::runtime_error{"early"};
            return echo(std::move(asked));
          }) == std::string{internal_error} + goodbye);
    CHECK(log.text().contains("unexpected exception: early"));
  }
  THEN("when its answer can't be sent") {
    CHECK(answer_to("/", [](Asked asked) -> Task<Response> {
            if (asked.request.target != "/") return echo(std::move(asked));
            return []() -> Task<Response> {
              co_return Response{.headers = {{"X", "secret\n"}}, .body = {}};
            }();
          }) == std::string{internal_error} + goodbye);
    CHECK(log.text().contains("the header X has characters"));
    CHECK_FALSE(log.text().contains("secret"));
  }
}

TEST_CASE("an answer to HEAD has the length of the body, and no body") {
  auto const handler = [](Asked const&) -> Task<Response> {
    co_return Response{.headers = {}, .body = "body"};
  };
  CHECK(ask(sending("HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.0\r\n\r\n"), {}, handler) ==
        "HTTP/1.1 200 \r\nContent-Length: 4\r\n\r\n"
        "HTTP/1.1 200 \r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody");
}

TEST_CASE("whatever is no request gets a reason, and the connection ends") {
  auto const status_for = [](std::string const& bytes) {
    HttpServerSettings settings;
    settings.limits = {.head = 512, .body = 512};
    return ask(sending(bytes), std::move(settings)).substr(0, 12);
  };
  CHECK(status_for("\x16\x03\x01 garbage\r\n\r\n") == "HTTP/1.1 400");
  CHECK(ask(sending("GET / HTTP/1.1\r\n\r\nrubbish\r\n\r\n")).contains("HTTP/1.1 400"));
  CHECK(status_for("GET / HTTP/1.1\r\nX: " + std::string(600, 'x')) == "HTTP/1.1 431");
  CHECK(status_for("POST / HTTP/1.1\r\nContent-Length: 513\r\n\r\n" + std::string(513, 'x')) ==
        "HTTP/1.1 413");
}

TEST_CASE("a peer that is too slow is let go") {
  auto const answer_to = [](std::string const& bytes, Limit HttpServerSettings::* limit) {
    HttpServerSettings settings;
    settings.*limit = 10ms;
    return ask(sending(bytes), settings).substr(0, 12);
  };
  CHECK(answer_to("", &HttpServerSettings::keep_idle).empty());
  CHECK(answer_to("GET / HT", &HttpServerSettings::opening) == "HTTP/1.1 408");
  CHECK(answer_to("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nh",
                  &HttpServerSettings::receiving) == "HTTP/1.1 408");
}

TEST_CASE("a handler that is too slow is answered for") {
  CapturedErrors const log;
  HttpServerSettings settings;
  settings.answering = 500ms;  // also what sending the 500 may take
  CHECK(ask(sending("GET /slow HTTP/1.0\r\n\r\n"), settings).starts_with("HTTP/1.1 500"));
  CHECK(log.text().contains("no answer within"));
}

namespace {

/// Has a request answered, so that the connection waits for the next.
Task<> ask_on(Stream& stream) {
  CO_TRY(co_await stream.write("GET / HTTP/1.1\r\n\r\n"));
  CO_TRY(co_await read_until(stream, "\r\n\r\n"));
  co_return ok;
}

}  // namespace

TEST_CASE("when there is room for no more, a new connection replaces the one idle longest") {
  HttpServerSettings settings;
  settings.most_connections = 2;
  CHECK(ask(
            [](Endpoint server) -> Task<std::string> {
              CO_TRY(auto first, co_await net::connect(server, 1s));
              CO_TRY(co_await ask_on(first));
              CO_TRY(auto second, co_await net::connect(server, 1s));
              CO_TRY(co_await ask_on(second));
              CO_TRY(co_await ask_on(first));
              CO_TRY(auto third, co_await net::connect(server, 1s));
              CO_TRY(auto const nothing, co_await read_all(second));
              CO_TRY(co_await ask_on(third));
              CO_TRY(co_await ask_on(first));
              co_return nothing.empty() ? "replaced" : nothing;
            },
            settings) == "replaced");
}

TEST_CASE("connections beyond the limit are closed at once when all others are busy") {
  HttpServerSettings settings;
  settings.most_connections = 1;
  CHECK(ask(
            [](Endpoint server) -> Task<std::string> {
              CO_TRY(auto first, co_await net::connect(server, 1s));
              CO_TRY(co_await first.write("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n"));
              CO_TRY(co_await read_until(first, "\r\n\r\n"));
              CO_TRY(auto second, co_await net::connect(server, 1s));
              CO_TRY(auto const nothing, co_await read_all(second));
              CO_TRY(co_await first.write("Connection: close\r\n\r\n"));
              CO_TRY(auto const answer, co_await read_all(first));
              co_return nothing + answer.substr(0, 12);
            },
            settings) == "HTTP/1.1 200");
}

TEST_CASE("a server that parts ends each connection with its next answer") {
  auto const parting = std::make_shared<std::atomic<bool>>(false);
  HttpServerSettings settings;
  settings.parting = parting;
  CHECK(ask(
            [parting](Endpoint server) -> Task<std::string> {
              return [](Endpoint to, auto parts) -> Task<std::string> {
                CO_TRY(auto stream, co_await net::connect(to, 1s));
                CO_TRY(co_await ask_on(stream));
                *parts = true;
                CO_TRY(co_await stream.write("GET /last HTTP/1.1\r\n\r\n"));
                co_return co_await read_all(stream);
              }(std::move(server), parting);
            },
            settings) ==
        "HTTP/1.1 200 \r\nX-Target: /last\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("a large request that finds no room is told to come again") {
  HttpServerSettings settings;
  settings.limits.body = std::uint64_t{1} << 20;
  settings.most_bytes = 200'000;
  settings.yielding = 10ms;
  CHECK(ask(
            [](Endpoint server) -> Task<std::string> {
              std::string const large = "POST /x HTTP/1.1\r\nContent-Length: 150000\r\n\r\n";
              CO_TRY(auto first, co_await net::connect(server, 1s));
              CO_TRY(co_await first.write(large + "begun"));
              CO_TRY(auto small, co_await net::connect(server, 1s));
              CO_TRY(co_await ask_on(small));
              CO_TRY(auto second, co_await net::connect(server, 1s));
              CO_TRY(co_await second.write(large));
              CO_TRY(auto const refused, co_await read_until(second, "\r\n\r\n"));
              CO_TRY(co_await first.write(std::string(150'000 - 5, 'x')));
              CO_TRY(auto const answered, co_await read_until(first, "\r\n\r\n"));
              CO_TRY(auto third, co_await net::connect(server, 1s));
              CO_TRY(co_await third.write(large + std::string(150'000, 'x')));
              CO_TRY(auto const third_answered, co_await read_until(third, "\r\n\r\n"));
              bool const is_told = refused.contains("Retry-After: 1\r\n");
              co_return refused.substr(9, 3) + answered.substr(9, 3) + third_answered.substr(9, 3) +
                  (is_told ? " told" : "");
            },
            settings) == "429200200 told");
}

TEST_CASE("servers may share a port") {
  auto const both = []() -> Task<std::string> {
    auto const executor = co_await asio::this_coro::executor;
    HttpServerSettings settings{.address = {"127.0.0.1", 0}, .tls = {}};
    settings.shares_port = true;
    CO_TRY(auto const first, HttpServer::listen(executor, settings));
    settings.address.port = first.port();
    CO_TRY(auto const second, HttpServer::listen(executor, settings));
    settings.shares_port = false;
    auto const third = HttpServer::listen(executor, settings);
    co_return first.port() == second.port() && !third ? "shared" : "apart";
  };
  CHECK(run(both()).value() == "shared");
}

namespace {

/// A server is cancelled while it answers: what the client was told, and what a new one is.
Task<std::string> answered_while_leaving() {
  auto const executor = co_await asio::this_coro::executor;
  CO_TRY(auto server, HttpServer::listen(executor, {.address = {"127.0.0.1", 0}, .tls = {}}));
  Endpoint const address{"127.0.0.1", server.port()};
  asio::steady_timer asked{executor, asio::steady_timer::time_point::max()};
  asio::steady_timer answered{executor, asio::steady_timer::time_point::max()};
  auto const wait = [](asio::steady_timer& timer) -> Task<> {
    boost::system::error_code woken;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    co_return ok;
  };
  auto const handler = [&](Asked const&) -> Task<Response> {
    return [](auto pause, asio::steady_timer& begun, asio::steady_timer& end) -> Task<Response> {
      begun.cancel();
      CO_TRY(co_await pause(end));
      co_return Response{.headers = {}, .body = "done"};
    }(wait, asked, answered);
  };
  CO_TRY(auto idle, co_await net::connect(address, 1s));
  CO_TRY(auto busy, co_await net::connect(address, 1s));
  CO_TRY(co_await busy.write("GET / HTTP/1.1\r\n\r\n"));
  std::string heard;
  auto const leave_after = [](auto pause, asio::steady_timer& begun) -> Task<> {
    CO_TRY(co_await pause(begun));
    co_return cancelled();
  };
  auto const listen = [](Stream& from_idle, Stream& from_busy, asio::steady_timer& end,
                         std::string& said) -> Task<> {
    CO_TRY(auto const nothing, co_await read_all(from_idle));
    end.cancel();
    CO_TRY(said, co_await read_all(from_busy));
    said += nothing;
    co_return ok;
  };
  CO_TRY(co_await together([&](TaskGroup& both) {
    both.spawn(listen(idle, busy, answered, heard));
    both.spawn([](HttpServer& serving, HttpServer::Handler const& with, auto leave) -> Task<> {
      (void)co_await together([&](TaskGroup& group) {
        group.spawn(serving.serve(with));
        group.spawn(std::move(leave));
      });
      co_return ok;
    }(server, handler, leave_after(wait, asked)));
  }));
  auto const late = co_await net::connect(address, 1s);
  co_return heard + (late ? ", still listening" : "");
}

}  // namespace

TEST_CASE("a server that is cancelled answers what has arrived, and closes what is idle") {
  CHECK(run(within(5s, answered_while_leaving())).value() ==
        "HTTP/1.1 200 \r\nConnection: close\r\nContent-Length: 4\r\n\r\ndone");
}

namespace {

/// Ends as `task` does, or as cancelled when that succeeds.
Task<> then_leave(Task<> task) {
  CO_TRY(co_await std::move(task));
  co_return cancelled();
}

/// What a server that was cancelled in the middle of a request has said, and how it ended.
Task<std::string> left_with_half_a_request() {
  auto const executor = co_await asio::this_coro::executor;
  CO_TRY(auto server, HttpServer::listen(executor, {.address = {"127.0.0.1", 0}, .tls = {}}));
  CO_TRY(auto stream, co_await net::connect({"127.0.0.1", server.port()}, 1s));
  auto const ask_and_begin = [](Stream& to) -> Task<> {
    CO_TRY(co_await to.write("GET / HTTP/1.1\r\n\r\nGET / HT"));
    CO_TRY(co_await read_until(to, "\r\n\r\n"));
    co_return ok;
  };
  auto const ended = co_await together([&](TaskGroup& group) {
    group.spawn(server.serve(echo));
    group.spawn(then_leave(ask_and_begin(stream)));
  });
  CO_TRY(auto const said, co_await read_all(stream));
  co_return said + (ended ? "" : ended.error().message);
}

/// Lets every accept() at `port` fail from now on.
void break_listener(std::uint16_t port) {
  for (int file = 0; file < 1024; ++file) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    int listens = 0;
    socklen_t size_of_answer = sizeof listens;
    if (::getsockopt(file, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size_of_answer) == 0 &&
        listens != 0 && ::getsockname(file, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
        ntohs(address.sin_port) == port)
      (void)::shutdown(file, SHUT_RDWR);
  }
}

/// What is left of a server that was cancelled while it could accept nobody.
Task<std::string> left_while_accept_fails() {
  auto const executor = co_await asio::this_coro::executor;
  CO_TRY(auto server, HttpServer::listen(executor, {.address = {"127.0.0.1", 0}, .tls = {}}));
  break_listener(server.port());
  (void)co_await within(10ms, server.serve(echo));
  co_return server.port() == 0 ? "closed" : "still open";
}

}  // namespace

TEST_CASE("a server that is cancelled does not wait for the rest of a request") {
  CHECK(run(within(5s, left_with_half_a_request())).value() == "cancelled");
}

TEST_CASE("a server that is cancelled while it can accept nobody stops listening") {
  CapturedErrors const log;
  CHECK(run(within(5s, left_while_accept_fails())).value() == "closed");
  CHECK(log.text().contains("connection not accepted"));
}

TEST_CASE("an address that can't be had is named") {
  asio::io_context loop;
  auto const taken =
      HttpServer::listen(loop.get_executor(), {.address = {"192.0.2.1", 8081}, .tls = {}});
  REQUIRE_FALSE(taken);
  CHECK(taken.error() ==
        Error{Fault::Permanent, "listening on 192.0.2.1:8081: Cannot assign requested address"});
  auto const unknown =
      HttpServer::listen(loop.get_executor(), {.address = {"here", 8081}, .tls = {}});
  CHECK(unknown.error().message == "listening on here:8081: not an address");
}
