#pragma once
#include "operator/cluster/desired/credentials.hpp"
#include "operator/cluster/object_plan.hpp"
#include "operator/cluster/problem.hpp"

/// What is in Secrets: who may log in to a cluster's servers, and what these show each other.
namespace cluster {

struct SecretObject {
  kube::Metadata metadata;
  std::map<std::string, Secret> data;

  /// Null where there is no such key, or nothing under it.
  Secret const* find(std::string const& key) const;
};

/// Of a Secret as an API server gives it. An error does not quote its values.
Result<SecretObject> read_secret(json::value const& object);

/// Those that there are, by name.
using SecretObjects = std::map<std::string, SecretObject>;

/// The names of all that a cluster's objects and servers are made with.
std::vector<std::string> secret_names(crd::ValkeyCluster const& cluster);

/// What we know where no Secret says otherwise: made up once, and kept should a Secret go.
struct Passwords {
  Credentials credentials;
  Secret default_user;
};

struct CertificateCondition {
  std::string type;
  std::string status;
  std::string message;
  bool operator==(CertificateCondition const&) const = default;
};
BOOST_DESCRIBE_STRUCT(CertificateCondition, (), (type, status, message))

struct CertificateStatus {
  std::vector<CertificateCondition> conditions;
  bool operator==(CertificateStatus const&) const = default;
};
BOOST_DESCRIBE_STRUCT(CertificateStatus, (), (conditions))

/// Of cert-manager (cert-manager.io/v1).
struct CertificateObject {
  kube::Metadata metadata;
  json::value spec;
  CertificateStatus status;
  bool operator==(CertificateObject const&) const = default;
};
BOOST_DESCRIBE_STRUCT(CertificateObject, (), (metadata, spec, status))

/// What TLS takes, each in PEM.
struct Certificates {
  Secret own;
  Secret key;
  Secret authorities;
  bool operator==(Certificates const&) const = default;
};

/// What has been found for a cluster.
struct Findables {
  SecretObjects secrets;
  std::optional<CertificateObject> certificate;
};

struct Material {
  std::string users_acl;                     ///< empty while passwords for it are missing
  std::optional<Certificates> certificates;  ///< with TLS, once there are any
  std::vector<Apply> writes;                 ///< of what is not as it should be
  std::vector<Remove> removals;
  std::vector<Problem> problems;  ///< what is missing
};

/// As Secrets say, and else as they are known.
Passwords passwords(crd::Names const& names, SecretObjects const& secrets, Passwords const& known);

Material material(crd::ValkeyCluster const& cluster, Findables const& found,
                  Passwords const& passwords);

}  // namespace cluster
