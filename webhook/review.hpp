#pragma once
#include "common/crd/valkey_cluster.hpp"
#include "common/crd/valkey_upgrade.hpp"
#include "common/kube/status.hpp"

/// What an API server asks of a webhook and what it is told (admission.k8s.io/v1), as bytes and as
/// values.
namespace webhook {

enum class Operation { Create, Update, Delete };
BOOST_DESCRIBE_ENUM(Operation, Create, Update, Delete)

/// What the request is about: `kubectl scale` sends a Scale instead of its cluster.
enum class Subject { Cluster, Upgrade, Scale };

struct Request {
  std::string uid;
  Operation operation = Operation::Create;
  Subject subject = Subject::Cluster;
  std::string name;  ///< empty where it is yet to be generated
  std::string namespace_name;
  std::string user;        ///< who asks
  json::value object;      ///< as it would be stored; null when it is deleted
  json::value old_object;  ///< as it is stored; null when it is created
};

/// Why a request can't be judged.
struct Unreadable {
  std::string uid;  ///< empty where it can't be recovered
  std::string message;
};

/// Invalid bytes are never taken for anything: who asks is told what is wrong with them.
std::expected<Request, Unreadable> read_review(std::string_view bytes);

struct Verdict {
  bool is_allowed = true;
  kube::Status status;                ///< why not
  std::vector<std::string> warnings;  ///< for the user's terminal
  std::map<std::string, std::string> audit_annotations;
  json::array patch;  ///< JSON patch (RFC 6902) of the object; empty: as it is
};

/// The AdmissionReview that answers.
std::string written(std::string_view uid, Verdict const& verdict);

/// A verdict on what can't be judged: no.
Verdict refused(std::string message);

}  // namespace webhook
