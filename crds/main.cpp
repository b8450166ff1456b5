// Prints our CustomResourceDefinitions as JSON, for scripts/generate-crds to write down.
#include "common/crd/definitions.hpp"

#include <boost/json/serialize.hpp>
#include <iostream>

int main() {
  std::cout << json::array{crd::valkey_cluster_definition(), crd::valkey_upgrade_definition()}
            << '\n';
}
