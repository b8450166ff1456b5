#pragma once
#include "common/kube/config.hpp"
#include "common/kube/kubeconfig.hpp"

namespace kube {

/// What one context says, checked: `name`, or the current one if that is empty. Files that it
/// refers to must be readable.
Result<Config> resolve(Kubeconfig const& config, std::string_view name,
                       Environment const& environment);

}  // namespace kube
