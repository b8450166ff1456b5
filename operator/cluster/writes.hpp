#pragma once
#include "common/kube/client.hpp"
#include "operator/cluster/material.hpp"

#include <functional>

/// Objects, as the API server is asked for them and told of them.
namespace cluster {

/// Which objects are written for whom, and who is told of it.
struct Writer {
  kube::Client& client;
  /// Is told the version that a cache has to see before the cluster is looked at again.
  std::function<void(std::string_view plural, std::string resource_version)> wrote;
};

/// The version that an object as an API server gives it has.
std::string version_of(json::value const& object);

/// What became of objects that were to be written.
struct Written {
  struct Object {
    std::string digest;  ///< of what was asked for
    json::value object;  ///< as it is now
  };
  std::map<ChildKey, Object> applied;
  std::size_t changes = 0;        ///< how much was carried out
  std::vector<Problem> problems;  ///< that a person has to mend
  std::vector<Error> failures;    ///< to be tried again
};

/// Applies all at once, but forces nothing upon what others have made.
Task<Written> apply_all(std::vector<Apply> objects, Writer const& writer);

/// All other changes of a plan.
Task<Written> change_all(std::vector<Remove> removals, std::vector<Patch> patches,
                         Writer const& writer);

/// Those that there are.
Task<SecretObjects> fetch_secrets(std::string namespace_name, std::vector<std::string> names,
                                  kube::Client& client);

/// Nothing where there is none, or no cert-manager.
Task<std::optional<CertificateObject>> fetch_certificate(kube::ObjectRef certificate,
                                                         kube::Client& client);

}  // namespace cluster
