#pragma once
#include "common/async/task.hpp"
#include "common/crd/names.hpp"
#include "common/valkey/pool.hpp"
#include "operator/cluster/places.hpp"
#include "operator/cluster/steps.hpp"

#include <set>

/// A cluster's servers, over the network.
namespace cluster {

/// How they are reached. Addresses come from Kubernetes, never from what servers say of each other.
struct Reach {
  valkey::Pool& pool;
  valkey::Credentials credentials;
  std::shared_ptr<net::TlsContext> tls;  ///< none where there are no certificates
  std::set<std::string> tls_pods;        ///< by name, those that are reached by TLS alone
  crd::Names names;
  std::string certificate;  ///< its fingerprint, if servers are to show one
  std::string acl_marker;   ///< the user of the ACL file that is wanted, if any is
};

/// A connection to the server of a pod, by its name and address. Never a plain one to a server with
/// TLS: without certificates that is Transient (H47).
Task<valkey::Pool::Loan> connection(std::string pod_name, std::string ip, Reach const& reach);

/// Asks all servers at once. Who does not answer is silent in the view, so that this fails only
/// when it is cancelled.
Task<View> look(std::vector<PodPlace> pods, Reach reach);

/// Does one step, unless its servers are others than it was planned for: then it is a Conflict, and
/// nothing is done.
Task<> perform(Step step, Reach reach);

/// What a server made of what it was told to set.
struct Settings {
  std::vector<std::string> need_restart;  ///< names of what it will only take when it is started
  std::vector<std::string> refused;       ///< what it does not take, each with its reason
};
Task<Settings> configure(Configure step, Reach reach);

}  // namespace cluster
