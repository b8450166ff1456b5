#include "operator/cluster/desired/credentials.hpp"

#include "common/digest.hpp"
#include "test/support/clusters.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace cluster;

std::string acl(std::string_view spec, PasswordHashes const& hashes = {}) {
  return desired::users_acl(a_cluster(spec).spec, some_credentials(), hashes);
}

}  // namespace

SCENARIO("SHA-256 is that of FIPS 180-4") {
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

SCENARIO("[H46] no password is in an ACL file but as its hash") {
  auto const text = acl(R"({"metrics": {"enabled": true}, "users": [{"name": "app"}]})");
  for (auto const* const password : {"one", "two", "three", "four"}) {
    CHECK_FALSE(text.contains(">" + std::string{password}));
    CHECK(text.contains(" #" + sha256(password) + " "));
  }
}

SCENARIO("a user's passwords all work, and one without any can't log in by password") {
  PasswordHashes const hashes{.default_user = "d", .users = {{"app", {"1", "2"}}}};
  auto const text = acl(R"({"users": [{"name": "app"}, {"name": "other"}]})", hashes);
  CHECK(text.contains("user app on #1 #2 resetkeys resetchannels -@all\n"));
  CHECK(text.contains("user other on resetkeys resetchannels -@all\n"));
}

SCENARIO("the exporter's user is there with the exporter") {
  CHECK_FALSE(acl("{}").contains("valkey-exporter"));
  CHECK(acl(R"({"metrics": {"enabled": true}})").contains("user valkey-exporter on #"));
}

SCENARIO("the last user of the file names its version") {
  auto const text = acl("{}");
  auto const marker = desired::acl_marker(text);
  CHECK(text.ends_with("user " + marker + " off\n"));
  CHECK(desired::acl_marker(acl("{}")) == marker);
  CHECK(desired::acl_marker(acl("{}", {.default_user = "x", .users = {}})) != marker);
  CHECK(marker.starts_with("valkey-file-"));
}

SCENARIO("servers replicate as a user of their own") {
  CHECK(desired::replication_conf(some_credentials()) ==
        "primaryuser valkey-replication\nprimaryauth two\n");
}
