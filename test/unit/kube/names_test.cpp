#include "common/kube/names.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

using kube::is_dns_label;
using kube::is_dns_subdomain;

SCENARIO("a label is one word of lower-case letters, digits and hyphens") {
  for (auto const* const name : {"a", "0", "a-b", "a--b", "valkey-0"}) {
    CHECK(is_dns_label(name));
    CHECK(is_dns_subdomain(name));
  }
  for (auto const* const name :
       {"", "-", "-a", "a-", "A", "a_b", "a b", "a/b", "\xc3\xa4", "a\n"}) {
    CHECK(!is_dns_label(name));
    CHECK(!is_dns_subdomain(name));
  }
  CHECK(is_dns_label(std::string(63, 'a')));
  CHECK(!is_dns_label(std::string(64, 'a')));
}

SCENARIO("a subdomain is such words joined by dots") {
  for (auto const* const name : {"a.b", "valkey-operator.dev", "0.1.2"}) {
    CHECK(is_dns_subdomain(name));
    CHECK(!is_dns_label(name));
  }
  for (auto const* const name : {".", "a.", ".a", "a..b", "a.-b", "a-.b", "a.B"})
    CHECK(!is_dns_subdomain(name));
  CHECK(is_dns_subdomain(std::string(253, 'a')));
  CHECK(!is_dns_subdomain(std::string(254, 'a')));
}
