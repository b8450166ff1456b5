#include "common/net/tls.hpp"

#include "test/support/certificates.hpp"
#include "test/support/folder.hpp"
#include "test/support/listener.hpp"
#include "test/support/measured.hpp"
#include "test/support/run.hpp"

#include <array>
#include <boost/asio/ssl/context.hpp>
#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace {

using namespace std::chrono_literals;
using net::Identity;
using net::Pem;
using net::PemFile;
using net::TlsContext;
using net::TlsRole;
using net::TlsSettings;

Pem inline_pem(std::string text) { return Secret{std::move(text)}; }

Identity identity(Issued issued) {
  return {inline_pem(std::move(issued.certificate)), inline_pem(std::move(issued.key))};
}

std::shared_ptr<TlsContext> server_showing(Identity shown) {
  return TlsContext::create({.role = TlsRole::Server,
                             .peer = net::PeerCheck::None,
                             .authorities = {},
                             .identity = std::move(shown)})
      .value();
}

std::shared_ptr<TlsContext> client_trusting(Pem authorities) {
  return TlsContext::create({.authorities = std::move(authorities), .identity = {}}).value();
}

std::shared_ptr<TlsContext> client_without_checks() {
  return TlsContext::create({.peer = net::PeerCheck::None, .authorities = {}, .identity = {}})
      .value();
}

/// What the client was told by a peer that says "hello" over TLS.
Task<std::string> greeting(std::shared_ptr<TlsContext> server, std::shared_ptr<TlsContext> client,
                           std::string name) {
  Listener listener{co_await asio::this_coro::executor};
  auto const greet = [](Listener& from, std::shared_ptr<TlsContext> context) -> Task<> {
    CO_TRY(auto stream, co_await from.next());
    auto secured = co_await net::secured_as_server(std::move(stream), context);
    if (secured) CO_TRY(co_await secured->write("hello"));
    if (secured) CO_TRY(co_await secured->say_goodbye());
    co_return ok;
  };
  auto const listen = [](net::Endpoint from, std::shared_ptr<TlsContext> context, std::string name,
                         Result<std::string>& heard) -> Task<> {
    CO_TRY(auto stream, co_await net::connect(from, 5s));
    auto secured = co_await net::secured(std::move(stream), context, name);
    if (secured)
      heard = co_await read_all(*secured);
    else
      heard = Failure{secured.error()};
    co_return ok;
  };
  Result<std::string> heard;
  CO_TRY(co_await within(5s, together([&](TaskGroup& group) {
                           group.spawn(greet(listener, server));
                           group.spawn(listen(listener.endpoint(), client, name, heard));
                         })));
  co_return heard;
}

using Served = std::function<Task<>(net::Stream)>;
using Asking = std::function<Task<>(net::Stream)>;

Task<> accepted(Listener& listener, std::shared_ptr<TlsContext> context, Served serve) {
  CO_TRY(auto stream, co_await listener.next());
  CO_TRY(auto secured, co_await net::secured_as_server(std::move(stream), context));
  co_return co_await serve(std::move(secured));
}

Task<> connected(net::Endpoint server, std::shared_ptr<TlsContext> context, Asking ask) {
  CO_TRY(auto stream, co_await net::connect(server, 5s));
  CO_TRY(auto secured, co_await net::secured(std::move(stream), context, "127.0.0.1"));
  co_return co_await ask(std::move(secured));
}

/// Two ends of one connection over TLS, each with its part to play.
Task<> between(Served serve, Asking ask) {
  Authority const authority;
  Listener listener{co_await asio::this_coro::executor};
  auto const server = server_showing(identity(authority.issue({"IP:127.0.0.1"})));
  auto const client = client_trusting(inline_pem(authority.certificate()));
  co_return co_await within(5s, together([&](TaskGroup& group) {
                              group.spawn(accepted(listener, server, serve));
                              group.spawn(connected(listener.endpoint(), client, ask));
                            }));
}

Task<> says_two_things(net::Stream stream) {
  CO_TRY(co_await stream.write("1"));
  CO_TRY(co_await stream.write("2"));
  co_return co_await stream.say_goodbye();
}

Task<> says_a_thing_and_is_gone(net::Stream stream) { co_return co_await stream.write("1"); }

Task<> hears_everything(net::Stream stream) {
  CO_TRY(auto const heard, co_await read_all(stream));
  CHECK(heard == "12");
  co_return ok;
}

Task<> is_cut_off(net::Stream stream) {
  auto const heard = co_await read_all(stream);
  CHECK_FALSE(heard);
  co_return ok;
}

Task<> says_two_things_at_once(net::Stream stream) {
  CO_TRY(co_await stream.write("12"));
  (void)co_await read_all(stream);
  co_return ok;
}

Task<> waits(net::Stream stream) {
  (void)co_await read_all(stream);
  co_return ok;
}

Task<> stumbles_elsewhere(net::Stream stream) {
  ERR_raise(ERR_LIB_SSL, SSL_R_BAD_CIPHER);
  CHECK(stream.is_quiet());
  co_return ok;
}

/// Reads one byte of what has come in one piece.
Task<> hears_the_first_thing(net::Stream stream) {
  std::array<char, 1> byte{};
  CO_TRY(co_await stream.read_some(byte));
  CHECK_FALSE(stream.is_quiet());
  co_return ok;
}

/// Goes on talking, and then hears what it was told before.
Task<> talks_on(net::Stream stream) {
  std::string const much(1'000'000, 'x');
  CO_TRY(co_await stream.write(much));
  CO_TRY(auto const heard, co_await read_all(stream));
  CHECK(heard == "enough");
  co_return ok;
}

Task<> says_enough(net::Stream stream) {
  CO_TRY(co_await stream.write("enough"));
  CO_TRY(co_await stream.say_goodbye());
  co_return co_await stream.drain(10'000'000);
}

}  // namespace

SCENARIO("a connection over TLS ends with a goodbye, or else somebody may have cut it") {
  CHECK(run(between(says_two_things, hears_everything)));
  CHECK(run(between(says_a_thing_and_is_gone, is_cut_off)));
}

SCENARIO("a connection over TLS is not quiet while something that came has not been read") {
  CHECK(run(between(says_two_things_at_once, hears_the_first_thing)));
}

SCENARIO("a connection over TLS is quiet whatever went wrong elsewhere") {
  CHECK(run(between(waits, stumbles_elsewhere)));
}

SCENARIO("who leaves a peer that goes on talking is heard nonetheless") {
  CHECK(run(between(says_enough, talks_on)));
}

SCENARIO("a client talks only to the server it means") {
  Authority const authority;
  auto const server =
      server_showing(identity(authority.issue({"DNS:api.example", "IP:127.0.0.1"})));

  GIVEN("a client that trusts the server's authority") {
    auto const client = client_trusting(inline_pem(authority.certificate()));
    THEN("it hears the server by each of its names") {
      CHECK(run(greeting(server, client, "api.example")).value() == "hello");
      CHECK(run(greeting(server, client, "127.0.0.1")).value() == "hello");
    }
    THEN("it refuses a server of another name or address") {
      CHECK(run(greeting(server, client, "other.example")).error().message ==
            "the peer's certificate: hostname mismatch");
      CHECK(run(greeting(server, client, "127.0.0.2")).error().message ==
            "the peer's certificate: IP address mismatch");
      CHECK(run(greeting(server, client, "")).error().fault == Fault::Invalid);
    }
    THEN("it does not look for a name where none belongs") {
      auto const other = server_showing(identity(authority.issue({"IP:127.0.0.1"})));
      CHECK(run(greeting(other, client, "IP:127.0.0.1")).error().message ==
            "the peer's certificate: hostname mismatch");
    }
    THEN("it refuses a certificate that has expired") {
      auto const expired =
          server_showing(identity(authority.issue({"DNS:api.example"}, Validity::Expired)));
      CHECK(run(greeting(expired, client, "api.example")).error().message ==
            "the peer's certificate: certificate has expired");
    }
  }
  GIVEN("a client that trusts another authority") {
    auto const client = client_trusting(inline_pem(Authority{"another"}.certificate()));
    THEN("it refuses the server") {
      CHECK(run(greeting(server, client, "api.example")).error().message ==
            "the peer's certificate: unable to get local issuer certificate");
    }
  }
  GIVEN("a client that trusts an authority that another vouches for") {
    Authority const intermediate{"intermediate", &authority};
    auto const client = client_trusting(inline_pem(intermediate.certificate()));
    THEN("it hears whom that one vouches for") {
      auto const vouched_for = server_showing(identity(intermediate.issue({"DNS:api.example"})));
      CHECK(run(greeting(vouched_for, client, "api.example")).value() == "hello");
    }
  }
  GIVEN("a client that was told not to check") {
    THEN("it hears any server") {
      CHECK(run(greeting(server, client_without_checks(), "x")).value() == "hello");
    }
  }
}

SCENARIO("a server that wants certificates talks only to clients that have one") {
  Authority const authority;
  auto const server =
      TlsContext::create({.role = TlsRole::Server,
                          .authorities = inline_pem(authority.certificate()),
                          .identity = identity(authority.issue({"DNS:api.example"}))});
  auto const client = client_trusting(inline_pem(authority.certificate()));
  WHEN("the client shows none") {
    THEN("it is told why it hears nothing") {
      CHECK(run(greeting(server.value(), client, "api.example")).error().message ==
            "tlsv13 alert certificate required (SSL routines)");
    }
  }
  WHEN("the client shows one") {
    REQUIRE(client->use(identity(authority.issue({"DNS:client"}))));
    THEN("it hears the server") {
      CHECK(run(greeting(server.value(), client, "api.example")).value() == "hello");
    }
  }
}

SCENARIO("TLS 1.2 is spoken with the ciphers of TLS 1.3, and fails for its own reasons") {
  Authority const authority;
  auto const issued = identity(authority.issue({"DNS:api.example"}));
  auto const server = server_showing(issued);
  auto const client = client_without_checks();
  auto* const native = client->current()->native_handle();
  SSL_CTX_set_max_proto_version(native, TLS1_2_VERSION);
  // OpenSSL 3.5 no longer calls it an alert of SSL 3.
  auto const* const refused = "alert handshake failure (SSL routines)";
  WHEN("both know one") { CHECK(run(greeting(server, client, "api.example")).value() == "hello"); }
  WHEN("the client knows none but an older one") {
    REQUIRE(SSL_CTX_set_cipher_list(native, "ECDHE-ECDSA-AES128-SHA") == 1);
    CHECK(run(greeting(server, client, "api.example")).error().message.ends_with(refused));
  }
  WHEN("the server wants a certificate that there is not") {
    auto const wary = TlsContext::create({.role = TlsRole::Server,
                                          .authorities = inline_pem(authority.certificate()),
                                          .identity = issued});
    CHECK(run(greeting(wary.value(), client, "api.example")).error().message.ends_with(refused));
  }
}

SCENARIO("certificates are taken from files while those change") {
  Folder const folder;
  Authority const before{"before"};
  Authority const after{"after"};
  auto const first = before.issue({"DNS:x"});
  auto const second = after.issue({"DNS:x"});
  auto const server = server_showing({PemFile{folder.write("tls.crt", first.certificate)},
                                      PemFile{folder.write("tls.key", first.key)}});
  auto const client = client_trusting(PemFile{folder.write("ca.crt", before.certificate())});
  REQUIRE(run(greeting(server, client, "x")).value() == "hello");
  auto const generation = server->generation();
  auto const reads = measured("certwatcher_read_certificate_total ");
  auto const errors = measured("certwatcher_read_certificate_errors_total ");

  WHEN("certificate and key are replaced one after the other") {
    folder.replace("tls.crt", second.certificate);
    THEN("the old pair stays until the new one is whole") {
      CHECK(run(greeting(server, client, "x")).value() == "hello");
      CHECK(server->generation() == generation);
      folder.replace("tls.key", second.key);
      CHECK_FALSE(run(greeting(server, client, "x")));
      CHECK(server->generation() == generation + 1);
      CHECK(measured("certwatcher_read_certificate_total ") == reads + 1);
      CHECK(measured("certwatcher_read_certificate_errors_total ") == errors + 1);
      AND_THEN("a client whose CA file follows trusts it") {
        folder.write("ca.crt", after.certificate());
        CHECK(run(greeting(server, client, "x")).value() == "hello");
      }
    }
  }
  WHEN("a file is gone, empty or garbage for a while") {
    for (std::string_view const content : {"", "garbage", "-----BEGIN CERTIFICATE-----\nAAAA\n"}) {
      folder.write("tls.crt", content);
      CHECK(run(greeting(server, client, "x")).value() == "hello");
    }
    std::filesystem::remove(folder.path("tls.crt"));
    THEN("the last good one stays") {
      CHECK(run(greeting(server, client, "x")).value() == "hello");
    }
  }
  WHEN("the folder is swapped under a link, as Kubernetes does it") {
    folder.write("v1/tls.crt", first.certificate);
    folder.write("v1/tls.key", first.key);
    folder.write("v2/tls.crt", second.certificate);
    folder.write("v2/tls.key", second.key);
    auto const link = folder.path("..data");
    std::filesystem::create_symlink("v1", link);
    auto const mounted = server_showing({PemFile{link + "/tls.crt"}, PemFile{link + "/tls.key"}});
    REQUIRE(run(greeting(mounted, client, "x")).value() == "hello");
    std::filesystem::create_symlink("v2", folder.path("..new"));
    std::filesystem::rename(folder.path("..new"), link);
    THEN("the new pair is shown") {
      auto const trusting = client_trusting(inline_pem(after.certificate()));
      CHECK(run(greeting(mounted, trusting, "x")).value() == "hello");
    }
  }
}

TEST_CASE("what can't be used is refused by name") {
  Folder const folder;
  Authority const authority;
  auto const issued = authority.issue({"DNS:x"});
  auto const other = authority.issue({"DNS:x"});
  auto const refusal = [](TlsSettings settings) {
    return TlsContext::create(std::move(settings)).error();
  };
  auto const garbage = folder.write("ca.crt", "garbage");
  CHECK(refusal({.authorities = PemFile{garbage}, .identity = {}}).message ==
        "CA certificates (" + garbage + "): holds no PEM");
  CHECK(refusal({.authorities = PemFile{"/nowhere"}, .identity = {}}).message ==
        "/nowhere: No such file or directory");
  auto const mixed = refusal({.authorities = {},
                              .identity = Identity{inline_pem(issued.certificate),
                                                   PemFile{folder.write("tls.key", other.key)}}});
  CHECK(mixed.fault == Fault::Invalid);
  CHECK(mixed.message == "private key (" + folder.path("tls.key") +
                             "): key values mismatch (x509 certificate routines)");
}

TEST_CASE("an encrypted key is refused rather than asked about") {
  auto issued = Authority{}.issue({"DNS:x"});
  auto const key = encrypted(issued.key, "password");
  REQUIRE(key.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
  auto const refused = TlsContext::create(
      {.authorities = {}, .identity = Identity{inline_pem(issued.certificate), inline_pem(key)}});
  CHECK(refused.error().message ==
        "private key (given inline): is encrypted, and there is no password for it");
}

SCENARIO("it can be told when a certificate ends") {
  auto const now = std::chrono::system_clock::now();
  Authority const authority;
  auto current = authority.issue({"DNS:localhost"}).certificate;
  auto expired = authority.issue({"DNS:localhost"}, Validity::Expired).certificate;
  auto const current_end = net::expiry(Secret{std::move(current)}).value();
  auto const expired_end = net::expiry(Secret{std::move(expired)}).value();
  CHECK(current_end > now);
  CHECK(expired_end < now);
  CHECK(net::expiry(Secret{std::string{"none"}}).error().fault == Fault::Invalid);
}
