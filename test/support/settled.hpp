#pragma once
#include "operator/cluster/places.hpp"
#include "operator/cluster/report.hpp"
#include "test/support/clusters.hpp"

/// A cluster that has been formed in the model world, and what is seen of it, to be changed.
struct Settled {
  explicit Settled(int shards = 3, int replicas = 1);

  crd::ValkeyCluster cluster;
  std::vector<cluster::PodPlace> places;  ///< all ready
  cluster::View view;
  cluster::Plan plan{.next = cluster::State::Running,
                     .events = {cluster::Event::Settled},
                     .stages = {},
                     .waits = {}};
  std::vector<cluster::Problem> problems;
  bool is_new = false;

  cluster::Server& server(std::string_view pod);
  cluster::PodPlace& place(std::string_view pod);
  /// Its server does not answer any more.
  void silence(std::string_view pod, std::string why);

  crd::ValkeyClusterStatus report() const;
};
