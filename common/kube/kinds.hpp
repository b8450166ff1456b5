#pragma once
#include "common/kube/object.hpp"

/// The kinds that this project reads or writes, but for its own.
namespace kube::kinds {

inline constexpr Resource certificate{"cert-manager.io", "v1", "certificates", "Certificate",
                                      Scope::Namespaced};
inline constexpr Resource config_map{"", "v1", "configmaps", "ConfigMap", Scope::Namespaced};
inline constexpr Resource custom_resource_definition{"apiextensions.k8s.io", "v1",
                                                     "customresourcedefinitions",
                                                     "CustomResourceDefinition", Scope::Cluster};
inline constexpr Resource event{"events.k8s.io", "v1", "events", "Event", Scope::Namespaced};
inline constexpr Resource lease{"coordination.k8s.io", "v1", "leases", "Lease", Scope::Namespaced};
inline constexpr Resource namespace_{"", "v1", "namespaces", "Namespace", Scope::Cluster};
inline constexpr Resource network_policy{"networking.k8s.io", "v1", "networkpolicies",
                                         "NetworkPolicy", Scope::Namespaced};
inline constexpr Resource node{"", "v1", "nodes", "Node", Scope::Cluster};
inline constexpr Resource persistent_volume_claim{"", "v1", "persistentvolumeclaims",
                                                  "PersistentVolumeClaim", Scope::Namespaced};
inline constexpr Resource pod{"", "v1", "pods", "Pod", Scope::Namespaced};
inline constexpr Resource pod_disruption_budget{"policy", "v1", "poddisruptionbudgets",
                                                "PodDisruptionBudget", Scope::Namespaced};
inline constexpr Resource secret{"", "v1", "secrets", "Secret", Scope::Namespaced};
inline constexpr Resource service{"", "v1", "services", "Service", Scope::Namespaced};
inline constexpr Resource service_account{"", "v1", "serviceaccounts", "ServiceAccount",
                                          Scope::Namespaced};
inline constexpr Resource stateful_set{"apps", "v1", "statefulsets", "StatefulSet",
                                       Scope::Namespaced};
inline constexpr Resource subject_access_review{
    "authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", Scope::Cluster};
inline constexpr Resource token_review{"authentication.k8s.io", "v1", "tokenreviews", "TokenReview",
                                       Scope::Cluster};
inline constexpr Resource storage_class{"storage.k8s.io", "v1", "storageclasses", "StorageClass",
                                        Scope::Cluster};

}  // namespace kube::kinds
