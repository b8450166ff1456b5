#include "common/kube/cache.hpp"

namespace kube {

Cache::~Cache() = default;

}  // namespace kube
