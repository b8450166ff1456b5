#include "test/component/valkey/asked.hpp"
#include "test/support/certificates.hpp"
#include "test/support/run.hpp"
#include "test/support/valkey_server.hpp"

#include <catch2/catch_test_macros.hpp>

using valkey::Access;

namespace {

/// A server that speaks TLS alone, and who trusts it.
struct Secured {
  Authority authority;
  Folder folder;
  ValkeyServer server{with_user(settings()), Speaks::Tls};

  std::vector<std::string> settings() const {
    auto const issued = authority.issue({"DNS:vk-0.test"});
    return {"tls-cert-file " + folder.write("tls.crt", issued.certificate),
            "tls-key-file " + folder.write("tls.key", issued.key),
            "tls-ca-cert-file " + folder.write("ca.crt", authority.certificate()),
            "tls-auth-clients no"};
  }

  static Access trusting(Authority const& authority, std::string name) {
    auto access = as_operator();
    access.tls = net::TlsContext::create(
                     {.authorities = Secret{std::string{authority.certificate()}}, .identity = {}})
                     .value();
    access.server_name = std::move(name);
    return access;
  }
};

Task<> lend_over_tls(net::Endpoint node, Access access, net::Identity renewed) {
  valkey::Pool pool{system_clock()};
  CO_TRY(auto const first, co_await number_lent(pool, node, access));
  CO_TRY(auto const second, co_await number_lent(pool, node, access));
  CHECK(first == second);
  CO_TRY(access.tls->use(std::move(renewed)));
  CO_TRY(auto const third, co_await number_lent(pool, node, access));
  CHECK(third != second);
  CHECK(pool.idle() == 2);
  co_return ok;
}

}  // namespace

SCENARIO("a server proves over TLS that it is who was meant", "[valkey]") {
  Secured const secured;
  auto const node = secured.server.endpoint();
  CHECK(who(node, Secured::trusting(secured.authority, "vk-0.test")) == "op");
  CHECK(refusal(node, Secured::trusting(secured.authority, "vk-1.test")) ==
        Error{Fault::Transient, "connecting to NODE: the peer's certificate: hostname mismatch"});
  CHECK(refusal(node, Secured::trusting(secured.authority, ""))
            .message.contains("the peer's certificate: IP address mismatch"));
  CHECK(refusal(node, Secured::trusting(Authority{"another"}, "vk-0.test"))
            .message.contains("the peer's certificate: "));
}

SCENARIO("who speaks plainly to a server that speaks TLS is not answered", "[valkey][H47]") {
  Secured const secured;
  auto const refused = refusal(secured.server.endpoint(), as_operator());
  CHECK(refused.fault == Fault::Transient);
  CHECK(refused.message.starts_with("logging in to NODE: "));
}

SCENARIO("connections over TLS are lent again until our certificate is renewed", "[valkey][H48]") {
  Secured const secured;
  auto issued = secured.authority.issue({"DNS:operator.test"});
  CHECK(run(lend_over_tls(secured.server.endpoint(),
                          Secured::trusting(secured.authority, "vk-0.test"),
                          {.certificates = Secret{std::move(issued.certificate)},
                           .key = Secret{std::move(issued.key)}})));
}
