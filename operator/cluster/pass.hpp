#pragma once
#include "operator/cluster/pace.hpp"
#include "operator/cluster/reconciler.hpp"
#include "operator/cluster/report.hpp"

namespace cluster {

/// One look at one cluster, and what follows from it.
class Pass {
 public:
  Pass(Tools const& tools, crd::ValkeyCluster const& cluster, Memory& memory);

  Task<controller::Requeue> run();

 private:
  Task<> look_around();
  Task<> search();
  Task<> search_again();
  Result<> use_certificates();
  Reach reach() const;
  Situation situation() const;

  Task<> keep_retention();
  bool may_act();
  Task<> act();
  Task<> write_objects();
  Writer writer() const;
  void note(Written written);
  Task<> tell_servers();
  Task<> tell_server(Step step, bool& is_done);
  Task<> tell_settings(Configure step);
  bool may_begin(Step const& step);

  Task<> tell();
  void measure(crd::ValkeyClusterStatus const& status) const;
  Task<> write(crd::ValkeyClusterStatus status);
  bool is_settled() const;
  pace::Duration rest() const;

  Tools const& tools_;
  crd::ValkeyCluster const& cluster_;
  Memory& memory_;
  crd::Names names_;
  Clock::Instant now_;

  bool is_valid_ = true;
  bool is_new_ = false;
  std::vector<Problem> problems_;
  std::vector<std::string> awaited_;
  std::vector<Error> failures_;
  std::vector<Apply> wanted_;
  Observed seen_;
  Material material_;
  std::vector<PodPlace> places_;
  View view_;
  Clock::Instant looked_;  ///< when that was seen
  Plan plan_;
  std::string doing_;
  bool has_moved_ = false;
  std::optional<pace::Duration> until_told_;
};

}  // namespace cluster
