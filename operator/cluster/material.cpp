#include "operator/cluster/material.hpp"

#include "common/base64.hpp"
#include "common/digest.hpp"
#include "operator/cluster/desired/certificate.hpp"
#include "operator/cluster/desired/metadata.hpp"
#include "operator/cluster/desired/secrets.hpp"

#include <algorithm>

namespace cluster {
namespace {

namespace keys = desired::keys;

struct EncodedSecret {
  kube::Metadata metadata;
  std::map<std::string, std::string> data;
};
BOOST_DESCRIBE_STRUCT(EncodedSecret, (), (metadata, data))

std::string reference(crd::Names const& names, std::string const& secret) {
  return "Secret " + names.namespace_name() + "/" + secret;
}

SecretObject const* named(std::string const& name, SecretObjects const& secrets) {
  auto const found = secrets.find(name);
  return found != secrets.end() ? &found->second : nullptr;
}

/// Looks things up in Secrets, and notes what is missing.
class Finder {
 public:
  Finder(crd::ValkeyCluster const& cluster, SecretObjects const& secrets,
         std::vector<Problem>& problems)
      : names_{cluster.metadata}, secrets_{secrets}, problems_{problems} {}

  Secret const* find(std::string const& name, std::string const& key, std::string_view purpose,
                     Trouble trouble = Trouble::SecretMissing) {
    auto const* const secret = named(name, secrets_);
    auto const* const value = secret ? secret->find(key) : nullptr;
    if (value) return value;
    auto const what = (secret ? " has no key " + key : std::string{" is missing"});
    problems_.push_back({trouble, reference(names_, name) + what + ": " + std::string{purpose}});
    return nullptr;
  }

 private:
  crd::Names names_;
  SecretObjects const& secrets_;
  std::vector<Problem>& problems_;
};

Secret known_or(SecretObject const* secret, std::string_view key, Secret const& known) {
  auto const* const found = secret ? secret->find(std::string{key}) : nullptr;
  return found ? *found : known;
}

Credentials credentials_in(SecretObject const* secret, Credentials const& known) {
  return {.operator_ = known_or(secret, keys::operator_password, known.operator_),
          .replication = known_or(secret, keys::replication_password, known.replication),
          .probe = known_or(secret, keys::probe_password, known.probe),
          .exporter = known_or(secret, keys::exporter_password, known.exporter)};
}

std::string hash(Secret const& password) { return sha256(password.reveal()); }

/// Nothing while a password is missing.
std::optional<PasswordHashes> hashes(crd::ValkeyCluster const& cluster, Passwords const& passwords,
                                     Finder& finder) {
  auto const& spec = cluster.spec;
  PasswordHashes made{.default_user = hash(passwords.default_user), .users = {}};
  bool is_whole = true;
  if (auto const& given = spec.auth.password_secret) {
    auto const* const found = finder.find(given->name, given->key, "spec.auth.passwordSecret");
    if (found) made.default_user = hash(*found);
    is_whole = found != nullptr;
  }
  for (auto const& user : spec.users) {
    for (auto const& [name, key] : user.password_secrets) {
      auto const* const found = finder.find(name, key, "the password of user " + user.name);
      if (found) made.users[user.name].push_back(hash(*found));
      is_whole = is_whole && found;
    }
  }
  return is_whole ? std::optional{std::move(made)} : std::nullopt;
}

std::string tls_secret(crd::ValkeyCluster const& cluster) {
  return cluster.spec.tls.secret_name.value_or(crd::Names{cluster.metadata}.certificate());
}

std::optional<Certificates> certificates(crd::ValkeyCluster const& cluster, Finder& finder) {
  auto const& tls = cluster.spec.tls;
  if (!tls.enabled) return std::nullopt;
  auto const source = tls.issuer_ref
                          ? ", to be issued by " + tls.issuer_ref->kind + " " + tls.issuer_ref->name
                          : std::string{};
  auto const find = [&, name = tls_secret(cluster)](char const* key, std::string const& purpose) {
    return finder.find(name, key, purpose + source, Trouble::CertificateMissing);
  };
  auto const* const own = find("tls.crt", "the servers' certificate");
  if (!own) return std::nullopt;
  auto const* const key = find("tls.key", "the key of the servers' certificate");
  auto const* const authorities = find("ca.crt", "who vouches for the servers' certificates");
  if (!key || !authorities) return std::nullopt;
  return Certificates{.own = *own, .key = *key, .authorities = *authorities};
}

bool holds(SecretObject const& there, json::object const& wanted) {
  auto const* const data = wanted.if_contains("data");
  auto const* const values = data ? data->if_object() : nullptr;
  return values && std::ranges::all_of(*values, [&](auto const& member) {
           auto const& [key, encoded] = member;
           auto const* const text = encoded.if_string();
           auto const value = text ? base64::decoded(*text) : std::nullopt;
           auto const* const found = there.find(std::string{key});
           return value && found && found->reveal() == *value;
         });
}

/// Ours, with this in it.
void want_secret(std::string const& name, json::object whole, crd::ValkeyCluster const& cluster,
                 SecretObject const* there, Material& made) {
  kube::ObjectRef const ref{cluster.metadata.namespace_, name};
  auto const why = there ? obstacle(there->metadata, cluster.metadata.uid) : std::string{};
  if (!why.empty()) {
    made.problems.push_back({Trouble::ObjectInTheWay, told(kube::kinds::secret, ref) + " " + why});
    return;
  }
  json::object const about{{"metadata", whole["metadata"]}};
  if (there && holds(*there, whole) &&
      is_as_wanted(about, Child{.metadata = there->metadata, .spec = {}, .data = {}}))
    return;
  made.writes.push_back({.kind = kube::kinds::secret,
                         .ref = ref,
                         .whole = std::move(whole),
                         .uid = there ? there->metadata.uid : std::string{}});
}

/// A Secret that its user made under our name is used as it is.
void want_password(crd::ValkeyCluster const& cluster, SecretObjects const& secrets,
                   Passwords const& passwords, Material& made) {
  auto const name = crd::Names{cluster.metadata}.password_secret();
  auto const* const there = named(name, secrets);
  bool const is_given =
      there && !kube::controller_of(there->metadata) && there->find(crd::SecretKey{}.key);
  if (cluster.spec.auth.password_secret || is_given) return;
  want_secret(name, desired::password_secret(cluster, passwords.default_user), cluster, there,
              made);
}

/// While a password is missing, all is as it was before.
void want_credentials(crd::ValkeyCluster const& cluster, SecretObjects const& secrets,
                      Passwords const& passwords, Finder& finder, Material& made) {
  auto const name = crd::Names{cluster.metadata}.credentials_secret();
  auto const* const there = named(name, secrets);
  auto const hashed = hashes(cluster, passwords, finder);
  if (hashed) {
    made.users_acl = desired::users_acl(cluster.spec, passwords.credentials, *hashed);
    want_secret(name, desired::credentials_secret(cluster, passwords.credentials, made.users_acl),
                cluster, there, made);
  } else if (auto const* const acl = there ? there->find(std::string{keys::users_acl}) : nullptr) {
    made.users_acl = acl->reveal();
  }
}

/// cert-manager leaves its Secrets behind, so that this one is made ours, to go with the cluster.
void adopt(crd::ValkeyCluster const& cluster, SecretObject const& there, Material& made) {
  if (kube::controller_of(there.metadata)) return;  // it goes with its Certificate, then
  crd::Names const names{cluster.metadata};
  auto whole = desired::owned(kube::kinds::secret, cluster, names.certificate(),
                              desired::cluster_labels(names));
  if (is_as_wanted(whole, Child{.metadata = there.metadata, .spec = {}, .data = {}})) return;
  made.writes.push_back({.kind = kube::kinds::secret,
                         .ref = {names.namespace_name(), names.certificate()},
                         .whole = std::move(whole),
                         .uid = there.metadata.uid});
}

/// Why cert-manager has not written its Secret yet.
std::string explanation(CertificateObject const& certificate) {
  for (auto const& condition : certificate.status.conditions)
    if (condition.status != "True" && !condition.message.empty())
      return "; cert-manager says: " + condition.message;
  return "";
}

void want_certificate(crd::ValkeyCluster const& cluster, Findables const& found, Material& made) {
  auto const& [enabled, issuer, secret, duration, renew_before, client_auth] = cluster.spec.tls;
  kube::ObjectRef const ref{cluster.metadata.namespace_,
                            crd::Names{cluster.metadata}.certificate()};
  auto const& there = found.certificate;
  bool const is_ours = there && belongs_to(there->metadata, cluster.metadata.uid);
  if (!enabled || !issuer) {
    if (is_ours) made.removals.push_back({kube::kinds::certificate, ref, there->metadata.uid});
    return;
  }
  auto const why = there ? obstacle(there->metadata, cluster.metadata.uid) : std::string{};
  if (!why.empty()) {
    made.problems.push_back(
        {Trouble::ObjectInTheWay, told(kube::kinds::certificate, ref) + " " + why});
    return;
  }
  auto whole = desired::certificate(cluster, *issuer);
  if (there && is_as_wanted(whole, {.metadata = there->metadata, .spec = there->spec, .data = {}}))
    return;
  made.writes.push_back({.kind = kube::kinds::certificate,
                         .ref = ref,
                         .whole = std::move(whole),
                         .uid = there ? there->metadata.uid : std::string{}});
}

}  // namespace

Secret const* SecretObject::find(std::string const& key) const {
  auto const found = data.find(key);
  return found != data.end() && !found->second.reveal().empty() ? &found->second : nullptr;
}

Result<SecretObject> read_secret(json::value const& object) {
  TRY(auto encoded, mapping::decode<EncodedSecret>(object));
  SecretObject secret{.metadata = std::move(encoded.metadata), .data = {}};
  for (auto& [key, text] : encoded.data) {
    auto value = base64::decoded(text);
    if (!value) return transient("data." + key + " is not written in base64");
    secret.data.emplace(key, Secret{*std::move(value)});
  }
  return secret;
}

std::vector<std::string> secret_names(crd::ValkeyCluster const& cluster) {
  crd::Names const names{cluster.metadata};
  auto const& spec = cluster.spec;
  auto const& given = spec.auth.password_secret;
  std::vector<std::string> all{names.credentials_secret(),
                               given ? given->name : names.password_secret()};
  for (auto const& user : spec.users)
    for (auto const& password : user.password_secrets) all.push_back(password.name);
  if (spec.tls.enabled) all.push_back(tls_secret(cluster));
  std::ranges::sort(all);
  auto const repeated = std::ranges::unique(all);
  all.erase(repeated.begin(), repeated.end());
  return all;
}

Passwords passwords(crd::Names const& names, SecretObjects const& secrets, Passwords const& known) {
  auto const* const credentials = named(names.credentials_secret(), secrets);
  auto const* const password = named(names.password_secret(), secrets);
  return {.credentials = credentials_in(credentials, known.credentials),
          .default_user = known_or(password, crd::SecretKey{}.key, known.default_user)};
}

Material material(crd::ValkeyCluster const& cluster, Findables const& found,
                  Passwords const& passwords) {
  auto const& secrets = found.secrets;
  crd::Names const names{cluster.metadata};
  Material made;
  Finder finder{cluster, secrets, made.problems};
  made.certificates = certificates(cluster, finder);
  if (!made.problems.empty() && found.certificate)
    made.problems.back().message += explanation(*found.certificate);
  want_password(cluster, secrets, passwords, made);
  want_credentials(cluster, secrets, passwords, finder, made);
  want_certificate(cluster, found, made);
  auto const& tls = cluster.spec.tls;
  auto const* const issued = named(names.certificate(), secrets);
  if (tls.enabled && tls.issuer_ref && issued) adopt(cluster, *issued, made);
  return made;
}

}  // namespace cluster
