#pragma once
#include "common/json/json.hpp"

/// Our kinds as CustomResourceDefinitions: what an API server has to know of them, made from the
/// models. scripts/generate-crds writes them down.
namespace crd {

json::object valkey_cluster_definition();
json::object valkey_upgrade_definition();

}  // namespace crd
