#include "common/crd/formats.hpp"

#include "common/crd/names.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <regex>

namespace {

struct Sample {
  schema::Format const& format;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

using namespace crd;

std::string const digest = "@sha256:" + std::string(64, 'a');

std::vector<Sample> const samples{
    {formats::dns_label, {"a", "0", "a-b", "a1"}, {"", "-a", "a-", "A", "a.b", "a_b"}},
    {formats::dns_subdomain, {"a", "a.b", "a-1.b"}, {"", ".a", "a.", "a..b", "-a.b", "A"}},
    {formats::label_value, {"", "a", "A_b.c-1"}, {"-a", "a-", "a b", "ä"}},
    {formats::quantity,
     {"1", "0", "500m", "1.5Gi", "10G", "+1", "1e3", "2E", ".5", "1."},
     {"", "-1", "x", "1 Gi", "1gi", "1GiB", "Gi", "--1"}},
    {formats::duration,
     {"1s", "90s", "1h30m", "1.5h", "2160h", "10ms", "1us", "1µs", "1ns"},
     {"", "1", "s", "-1h", "1d", "1h ", "+1h"}},
    {formats::image_repository,
     {"valkey", "valkey/valkey", "docker.io/valkey/valkey", "localhost:5000/valkey",
      "r.example:1/a"},
     {"", "valkey:9", "a b", "a@b", "host:/a", ":5000/a", "host:5000/", "a\n"}},
    {formats::image_tag,
     {"9", "9.1.2", "latest", "_x", "9.1.2" + digest},
     {"", ".9", "-9", "9:1", "9 1", "9@sha256:abc", digest, "9" + digest + "0"}},
    {formats::secret_key, {"password", "a.b", "A-1_"}, {"", "a/b", "a b"}},
    {formats::one_line, {"", "allkeys-lru", "a b \"c\"", "ä"}, {"a\nb", "a\rb", "\t", "\x01"}},
    {formats::annotation, {"", "a\nb", "ä"}, {}},
    {formats::user_name, {"app", "a.b-c_d@e", "1"}, {"", "-a", "a b", "a:b", "ä"}},
    {formats::acl_word, {"+@read", "app:*", "~x", "%R~a"}, {"", "a b", "a\n", "ä"}},
    {formats::save_rule,
     {"300 100", "1 1", "999999999 1"},
     {"", "300", "300 ", "0 1", "1 0", "300  100", "a b", "1 1 1", "9999999999 1"}},
    {crd::cluster_name, {"a", "cache", "a-1"}, {"", "1a", "-a", "a-", "a.b", "A"}},
};

}  // namespace

SCENARIO("code and pattern of a form agree on what has it") {
  for (auto const& [format, good, bad] : samples) {
    std::regex const pattern{std::string{format.pattern}, std::regex::ECMAScript};
    for (auto const& text : good) {
      INFO(format.what << ": " << text);
      CHECK(format.matches(text));
      CHECK(std::regex_match(text, pattern));
    }
    for (auto const& text : bad) {
      INFO("not " << format.what << ": " << text);
      CHECK_FALSE(format.matches(text));
      CHECK_FALSE(std::regex_match(text, pattern));
    }
  }
}
