#include "operator/cluster/material.hpp"

#include "common/base64.hpp"
#include "common/digest.hpp"
#include "test/support/clusters.hpp"
#include "test/support/present.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using cluster::Findables;
using cluster::Material;
using cluster::Passwords;
using cluster::SecretObject;
using cluster::Trouble;
using Names = std::vector<std::string>;

Secret secret(std::string text) { return Secret{std::move(text)}; }

Passwords known() { return {.credentials = some_credentials(), .default_user = secret("default")}; }

SecretObject holding(std::map<std::string, std::string> const& data) {
  SecretObject made;
  made.metadata.uid = "uid";
  for (auto const& [key, text] : data) made.data.emplace(key, secret(text));
  return made;
}

SecretObject certificate() {
  return holding({{"tls.crt", "own"}, {"tls.key", "key"}, {"ca.crt", "authorities"}});
}

Material of(crd::ValkeyCluster const& cluster, Findables const& found) {
  auto const names = crd::Names{cluster.metadata};
  return cluster::material(cluster, found, cluster::passwords(names, found.secrets, known()));
}

Names written(Material const& material) {
  Names names;
  for (auto const& apply : material.writes)
    names.push_back(std::string{apply.kind.kind} + " " + apply.ref.name);
  return names;
}

/// What there is once all of it was written.
Findables taken(Material const& material) {
  Findables found;
  for (auto const& apply : material.writes) {
    if (apply.kind == kube::kinds::secret)
      found.secrets[apply.ref.name] = cluster::read_secret(apply.whole).value();
    else
      found.certificate = mapping::decode<cluster::CertificateObject>(apply.whole).value();
  }
  return found;
}

}  // namespace

SCENARIO("a Secret is read as it was meant") {
  auto const read = cluster::read_secret(
      {{"metadata", {{"name", "x"}, {"uid", "u"}}}, {"data", {{"a", "c2VjcmV0"}, {"b", ""}}}});
  REQUIRE(read);
  CHECK(read->metadata.uid == "u");
  REQUIRE(read->find("a"));
  CHECK(read->find("a")->reveal() == "secret");
  CHECK_FALSE(read->find("b"));
  CHECK_FALSE(read->find("c"));
}

SCENARIO("[H46] what can't be read in a Secret is not quoted") {
  auto const read = cluster::read_secret({{"data", {{"a", "hunter2!"}}}});
  REQUIRE_FALSE(read);
  CHECK(read.error() == Error{Fault::Transient, "data.a is not written in base64"});
}

SCENARIO("the Secrets that a cluster takes are named once") {
  CHECK(cluster::secret_names(a_cluster()) == Names{"cache-auth", "cache-credentials"});
  CHECK(cluster::secret_names(a_cluster(R"({"auth": {"passwordSecret": {"name": "mine"}},
      "users": [{"name": "a", "passwordSecrets": [{"name": "mine"}, {"name": "b"}]}],
      "tls": {"enabled": true, "issuerRef": {"name": "i"}}})")) ==
        Names{"b", "cache-credentials", "cache-tls", "mine"});
}

SCENARIO("passwords are made up once, and are those that Secrets hold from then on") {
  auto const cluster = a_cluster();
  auto const first = of(cluster, {});
  CHECK(written(first) == Names{"Secret cache-auth", "Secret cache-credentials"});
  CHECK(first.problems.empty());
  CHECK(first.users_acl.contains(sha256("default")));
  auto const found = taken(first);
  CHECK(of(cluster, found).writes.empty());

  auto const others = Passwords{.credentials = {.operator_ = secret("a"),
                                                .replication = secret("b"),
                                                .probe = secret("c"),
                                                .exporter = secret("d")},
                                .default_user = secret("e")};
  auto const names = crd::Names{cluster.metadata};
  auto const read = cluster::passwords(names, found.secrets, others);
  CHECK(read.credentials == some_credentials());
  CHECK(read.default_user == secret("default"));
}

SCENARIO("Secrets that somebody has deleted or changed are as they were") {
  auto const cluster = a_cluster();
  auto found = taken(of(cluster, {}));
  found.secrets.erase("cache-credentials");
  CHECK(written(of(cluster, found)) == Names{"Secret cache-credentials"});
  found = taken(of(cluster, {}));
  found.secrets.at("cache-credentials").data.at("users.acl") = secret("user default on nopass");
  CHECK(written(of(cluster, found)) == Names{"Secret cache-credentials"});
  found = taken(of(cluster, {}));
  found.secrets.at("cache-auth").metadata.labels.clear();
  CHECK(written(of(cluster, found)) == Names{"Secret cache-auth"});
}

SCENARIO("[H14] a Secret of an earlier cluster of the name is waited for") {
  auto const cluster = a_cluster();
  auto found = taken(of(cluster, {}));
  found.secrets.at("cache-auth").metadata.owner_references.front().uid = "earlier";
  auto const made = of(cluster, found);
  CHECK(made.writes.empty());
  CHECK(made.problems == std::vector<cluster::Problem>{
                             {Trouble::ObjectInTheWay,
                              "Secret demo/cache-auth belongs to another ValkeyCluster, cache"}});
}

SCENARIO("a password that a user has put where ours would be is used, and left alone") {
  Findables found;
  found.secrets["cache-auth"] = holding({{"password", "mine"}});
  auto const made = of(a_cluster(), found);
  CHECK(written(made) == Names{"Secret cache-credentials"});
  CHECK(made.users_acl.contains(sha256("mine")));
}

SCENARIO("[H45] while a password is missing all is as it was, and it is named") {
  auto const* const spec = R"({"auth": {"passwordSecret": {"name": "mine", "key": "word"}},
                        "users": [{"name": "app", "passwordSecrets": [{"name": "apps"}]}]})";
  auto const cluster = a_cluster(spec);
  auto made = of(cluster, {});
  CHECK(made.writes.empty());
  CHECK(made.users_acl.empty());
  CHECK(made.problems ==
        std::vector<cluster::Problem>{
            {Trouble::SecretMissing, "Secret demo/mine is missing: spec.auth.passwordSecret"},
            {Trouble::SecretMissing, "Secret demo/apps is missing: the password of user app"}});

  Findables found;
  found.secrets["mine"] = holding({{"password", "x"}});
  found.secrets["apps"] = holding({{"password", "y"}});
  made = of(cluster, found);
  REQUIRE(made.problems.size() == 1);
  CHECK(made.problems[0].message == "Secret demo/mine has no key word: spec.auth.passwordSecret");

  found.secrets["mine"] = holding({{"word", "x"}});
  made = of(cluster, found);
  CHECK(made.problems.empty());
  CHECK(written(made) == Names{"Secret cache-credentials"});
  CHECK(made.users_acl.contains("user default on #" + sha256("x")));
  CHECK(made.users_acl.contains("user app on #" + sha256("y")));

  auto const before = made.users_acl;
  found.secrets["cache-credentials"] = taken(made).secrets.at("cache-credentials");
  found.secrets.erase("apps");
  made = of(cluster, found);
  CHECK(made.writes.empty());
  CHECK(made.users_acl == before);
}

SCENARIO("[H47] TLS takes a certificate, its key, and who vouches for others'") {
  auto const cluster = a_cluster(R"({"tls": {"enabled": true, "secretName": "mine"}})");
  auto made = of(cluster, {});
  CHECK_FALSE(made.certificates);
  REQUIRE(made.problems.size() == 1);
  CHECK(made.problems[0] ==
        cluster::Problem{Trouble::CertificateMissing,
                         "Secret demo/mine is missing: the servers' certificate"});
  Findables found;
  found.secrets["mine"] = certificate();
  made = of(cluster, found);
  auto const certificates = present(made.certificates);
  CHECK(certificates.own == secret("own"));
  CHECK(certificates.key == secret("key"));
  CHECK(certificates.authorities == secret("authorities"));

  found.secrets["mine"].data.erase("ca.crt");
  made = of(cluster, found);
  CHECK_FALSE(made.certificates);
  REQUIRE(made.problems.size() == 1);
  CHECK(made.problems[0].message.starts_with("Secret demo/mine has no key ca.crt"));
}

SCENARIO("[H73] a Certificate is asked for, and its Secret is ours to go with the cluster") {
  auto cluster = a_cluster(R"({"tls": {"enabled": true, "issuerRef": {"name": "ca"}}})");
  auto const first = of(cluster, {});
  CHECK(written(first) ==
        Names{"Secret cache-auth", "Secret cache-credentials", "Certificate cache-tls"});
  auto found = taken(first);
  auto asked = present(found.certificate);
  asked.status.conditions = {
      {.type = "Ready", .status = "False", .message = "issuer ca not found"}};
  found.certificate = asked;
  auto made = of(cluster, found);
  CHECK(made.writes.empty());
  REQUIRE(made.problems.size() == 1);
  CHECK(made.problems[0].message ==
        "Secret demo/cache-tls is missing: the servers' certificate, to be issued by Issuer ca; "
        "cert-manager says: issuer ca not found");

  found.secrets["cache-tls"] = certificate();
  made = of(cluster, found);
  REQUIRE(written(made) == Names{"Secret cache-tls"});
  CHECK(made.writes[0].uid == "uid");
  CHECK_FALSE(made.writes[0].whole.contains("data"));
  found.secrets["cache-tls"].metadata = taken(made).secrets.at("cache-tls").metadata;
  CHECK(of(cluster, found).writes.empty());

  cluster.spec.tls = {};
  made = of(cluster, found);
  CHECK(made.writes.empty());
  REQUIRE(made.removals.size() == 1);
  CHECK(made.removals[0].kind == kube::kinds::certificate);
  CHECK(made.removals[0].ref.name == "cache-tls");
}
