#include "common/net/stream.hpp"

#include "test/support/listener.hpp"
#include "test/support/names.hpp"
#include "test/support/run.hpp"

#include <array>
#include <boost/asio/ip/address_v4.hpp>
#include <catch2/catch_test_macros.hpp>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace {

using namespace std::chrono_literals;
using Tcp = asio::ip::tcp;

Task<std::string> echoed_through_loopback() {
  Listener listener{co_await asio::this_coro::executor};
  CO_TRY(auto ours, co_await net::connect(listener.endpoint(), 5s));
  CO_TRY(auto theirs, co_await listener.next());
  CO_TRY(co_await ours.write("ping"));
  CO_TRY(co_await ours.say_goodbye());
  CO_TRY(auto const heard, co_await read_all(theirs));
  CO_TRY(co_await theirs.write(heard + "!"));
  CO_TRY(co_await theirs.say_goodbye());
  co_return co_await read_all(ours);
}

Task<std::array<bool, 3>> quietness() {
  Listener listener{co_await asio::this_coro::executor};
  CO_TRY(auto ours, co_await net::connect(listener.endpoint(), 5s));
  CO_TRY(auto theirs, co_await listener.next());
  std::array<bool, 3> quiet{ours.is_quiet()};
  CO_TRY(co_await theirs.write("x"));
  quiet[1] = ours.is_quiet();
  CO_TRY(co_await read_until(ours, "x"));
  CO_TRY(co_await theirs.say_goodbye());
  quiet[2] = ours.is_quiet();
  co_return quiet;
}

/// Who answers by that name, at the port of a listener on 127.0.0.1.
Task<std::string> peer_of(std::string name, Limit limit) {
  Listener const listener{co_await asio::this_coro::executor};
  CO_TRY(auto stream, co_await net::connect({name, listener.endpoint().port}, limit));
  co_return stream.peer().host;
}

/// The same while 127.0.0.2 does not even refuse: a queue that is full drops who comes.
Task<std::string> peer_beside_silence() {
  auto const executor = co_await asio::this_coro::executor;
  Listener const listener{executor};
  auto const port = listener.endpoint().port;
  Tcp::endpoint const silent{asio::ip::make_address_v4("127.0.0.2"), port};
  Tcp::acceptor queue{executor, silent.protocol()};
  queue.bind(silent);
  queue.listen(0);
  Tcp::socket filling{executor};
  filling.connect(silent);
  CO_TRY(auto stream, co_await net::connect({"two.test", port}, 400ms));
  co_return stream.peer().host;
}

Task<> impatience() {
  Names::hold();
  for (int attempt = 0; attempt < 4; ++attempt) {
    auto const found = co_await net::connect({"slow.test", 443}, 1ms);
    CHECK(found.error().message == "no answer within 0.001 s");
  }
  Names::resume();
  co_return ok;
}

/// What the system does about a connection on whose other side nobody is left.
struct Vigilance {
  bool probes = false;
  std::chrono::seconds noticed_waiting{};
  std::chrono::milliseconds noticed_sending{};
};

Task<Vigilance> vigilance() {
  auto const executor = co_await asio::this_coro::executor;
  Listener const listener{executor};
  asio::ip::tcp::socket socket{executor};
  socket.connect({asio::ip::address_v4::loopback(), listener.endpoint().port});
  auto const option = [file = socket.native_handle()](int level, int name) {
    int value = 0;
    socklen_t size = sizeof value;
    REQUIRE(::getsockopt(file, level, name, &value, &size) == 0);
    return value;
  };
  auto const stream = net::plain(std::move(socket));
  std::chrono::seconds const silence{option(IPPROTO_TCP, TCP_KEEPIDLE)};
  std::chrono::seconds const between_probes{option(IPPROTO_TCP, TCP_KEEPINTVL)};
  co_return Vigilance{
      .probes = option(SOL_SOCKET, SO_KEEPALIVE) == 1,
      .noticed_waiting = silence + between_probes * option(IPPROTO_TCP, TCP_KEEPCNT),
      .noticed_sending = std::chrono::milliseconds{option(IPPROTO_TCP, TCP_USER_TIMEOUT)}};
}

}  // namespace

TEST_CASE("what one end writes the other reads, up to its end") {
  CHECK(run(echoed_through_loopback()).value() == "ping!");
}

TEST_CASE("a connection is quiet until something comes, its end among it") {
  CHECK(run(quietness()).value() == std::array{true, false, false});
}

TEST_CASE("the system tells within 45 s of a peer that is gone without a word") {
  auto const set = run(vigilance()).value();
  CHECK(set.probes);
  CHECK(set.noticed_waiting * 9 / 8 <= 45s);  // timers may be late by an eighth
  CHECK(set.noticed_sending * 9 / 8 <= 45s);
  CHECK(set.noticed_sending > 0s);  // which would mean no limit
}

TEST_CASE("a stream that is not connected fails") {
  net::Stream nowhere;
  std::array<char, 1> byte{};
  CHECK(run(nowhere.read_some(byte)).error().message == "not connected");
  CHECK(run(nowhere.write("x")).error().message == "not connected");
  CHECK_FALSE(nowhere.is_quiet());
  CHECK(nowhere.peer() == net::Endpoint{});
}

TEST_CASE("a connection that is refused, and a name that nobody has, may heal") {
  Names const names{{{"nobody.test", {}}}};
  CHECK(run(net::connect({"127.0.0.1", 1}, 5s)).error() ==
        Error{Fault::Transient, "Connection refused"});
  CHECK(run(net::connect({"nobody.test", 443}, 5s)).error() ==
        Error{Fault::Transient, "Host not found (authoritative)"});
}

TEST_CASE("of a name's addresses the first is taken that answers") {
  Names const names{{{"three.test", {"127.0.0.2", "127.0.0.1", "127.0.0.3"}}}};
  CHECK(run(peer_of("three.test", 5s)).value() == "127.0.0.1");
}

TEST_CASE("an address that says nothing leaves their part of the time to the others") {
  Names const names{{{"two.test", {"127.0.0.2", "127.0.0.1"}}}};
  CHECK(run(peer_beside_silence()).value() == "127.0.0.1");
}

TEST_CASE("what nobody waits for is not looked up") {
  Names const names{{{"slow.test", {}}}};
  CHECK(run(impatience()));
  CHECK(Names::looked_up() <= 1);
}

TEST_CASE("the address of an IPv6 endpoint stands in brackets") {
  CHECK(net::Endpoint{"::1", 6443}.text() == "[::1]:6443");
  CHECK(net::Endpoint{"kubernetes.default.svc", 443}.text() == "kubernetes.default.svc:443");
}
