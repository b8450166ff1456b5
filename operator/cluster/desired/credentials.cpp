#include "operator/cluster/desired/credentials.hpp"

#include "common/digest.hpp"

#include <array>

namespace cluster::desired {
namespace {

/// Forms a cluster, and heals it. No key, no ACL but to load the file, so that it can't grant
/// itself more. +cluster and +config whole: servers of some versions do not know some of their
/// commands, and would refuse the file.
constexpr std::string_view operator_rules =
    "resetkeys resetchannels -@all +ping +info +role +dbsize +wait +flushall +bgsave +lastsave "
    "+cluster +config|get +config|set +acl|load +acl|users +acl|whoami +client|setname "
    "+client|setinfo +client|kill +latency|latest";

/// Copies what a primary has, and moves slots (9.0: the source logs in to the target by it).
constexpr std::string_view replication_rules =
    "~* resetchannels -@all +ping +psync +replconf +select +@write +cluster";

constexpr std::string_view probe_rules =
    "resetkeys resetchannels -@all +ping +info +cluster|info +client|setname +client|setinfo";

constexpr std::string_view exporter_rules =
    "resetkeys resetchannels -@all +ping +info +client|setname +client|setinfo +client|list "
    "+latency|latest +latency|histogram +slowlog|get +slowlog|len +cluster|info +cluster|nodes "
    "+cluster|slots +cluster|shards +cluster|links +cluster|myid +memory|stats +dbsize";

std::string hash(Secret const& password) { return " #" + sha256(password.reveal()); }

std::string line(std::string_view name, std::string const& passwords, std::string_view rules) {
  return "user " + std::string{name} + " on" + passwords + " " + std::string{rules} + "\n";
}

void add(std::string& rules, std::string_view prefix, std::vector<std::string> const& patterns) {
  for (auto const& pattern : patterns) rules += " " + std::string{prefix} + pattern;
}

std::string rules_of(crd::UserSpec const& user) {
  std::string rules = "resetkeys resetchannels -@all";
  add(rules, "~", user.keys);
  add(rules, "&", user.channels);
  add(rules, "", user.commands);
  add(rules, "", user.raw);
  return rules;
}

std::string passwords_of(crd::UserSpec const& user, PasswordHashes const& hashes) {
  std::string passwords;
  if (auto const found = hashes.users.find(user.name); found != hashes.users.end())
    for (auto const& one : found->second) passwords += " #" + one;
  return passwords;
}

constexpr std::string_view marker_prefix = "valkey-file-";

}  // namespace

std::string users_acl(crd::ValkeyClusterSpec const& spec, Credentials const& credentials,
                      PasswordHashes const& hashes) {
  auto text = line("default", " #" + hashes.default_user, "~* &* +@all") +
              line(users::operator_, hash(credentials.operator_), operator_rules) +
              line(users::replication, hash(credentials.replication), replication_rules) +
              line(users::probe, hash(credentials.probe), probe_rules);
  if (spec.metrics.enabled)
    text += line(users::exporter, hash(credentials.exporter), exporter_rules);
  for (auto const& user : spec.users)
    text += line(user.name, passwords_of(user, hashes), rules_of(user));
  return text + "user " + acl_marker(text) + " off\n";
}

std::string acl_marker(std::string_view users_acl) {
  constexpr std::size_t digits = 16;
  auto const written = users_acl.substr(0, users_acl.rfind("user " + std::string{marker_prefix}));
  return std::string{marker_prefix} + sha256(written).substr(0, digits);
}

std::string replication_conf(Credentials const& credentials) {
  return "primaryuser " + std::string{users::replication} + "\nprimaryauth " +
         std::string{credentials.replication.reveal()} + "\n";
}

}  // namespace cluster::desired
