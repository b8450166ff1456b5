#include "operator/cluster/steps.hpp"

namespace cluster {
namespace {

struct Words {
  std::string_view kind;
  std::string what;
};

Words words(AssignSlots const& step) {
  auto const what = step.slots().empty() ? " is vouched for" : " owns " + step.slots().text();
  return {"AssignSlots", step.owner().pod_name + what};
}
Words words(Meet const& step) {
  return {"Meet", step.host.pod_name + " meets " + step.newcomer.pod_name};
}
Words words(Follow const& step) {
  return {"Follow", step.replica.pod_name + " follows " + std::string{step.primary.text()}};
}
Words words(Forget const& step) {
  return {"Forget", "all forget " + std::string{step.ghost().text()}};
}
Words words(HandOver const& step) {
  return {"HandOver", step.replica.pod_name + " takes over from " + step.primary.pod_name};
}
Words words(TakeOver const& step) {
  return {"TakeOver", step.replica().pod_name + " takes over from " +
                          std::string{step.dead().text()} + ", which is gone"};
}
Words words(Configure const& step) {
  return {"Configure", step.server.pod_name + " is configured"};
}
Words words(LoadUsers const& step) { return {"LoadUsers", step.server.pod_name + " loads users"}; }

Words words(ReloadCertificate const& step) {
  return {"ReloadCertificate", step.server.pod_name + " reads its certificate again"};
}

Words words_of(Step const& step) {
  return std::visit([](auto const& kind) { return words(kind); }, step);
}

}  // namespace

std::string_view kind_of(Step const& step) { return words_of(step).kind; }
std::string text_of(Step const& step) { return words_of(step).what; }

}  // namespace cluster
