#pragma once
#include <string>
#include <vector>

/// A ValkeyCluster's spec, and the fields at which it is refused: none for a good one.
struct ClusterSample {
  std::string spec;
  std::vector<std::string> fields;
};

/// A change of a good spec into another.
struct ClusterChange {
  std::string before;
  std::string after;
  std::vector<std::string> fields;
};

/// To be judged alike by us and by an API server.
std::vector<ClusterSample> const& cluster_samples();
std::vector<ClusterChange> const& cluster_changes();
