#include "operator/cluster/actions.hpp"

#include "operator/cluster/ghosts.hpp"

#include <algorithm>

namespace cluster {

namespace {

/// Above ten shards so short a time-out finds failures where there are none.
constexpr int most_shards_to_hurry = 10;

Target target_of(Server const& server) {
  return {.pod_name = server.place.pod_name, .ip = server.ip, .id = server.id()};
}

Course done_in(std::vector<Stage> stages) { return {.stages = std::move(stages), .wait = {}}; }
Course done_in(Stage stage) {
  return stage.empty() ? Course{} : done_in(std::vector<Stage>{std::move(stage)});
}
Course waiting_for(std::string what) { return {.stages = {}, .wait = std::move(what)}; }

bool is_empty_world(View const& view) {
  return std::ranges::all_of(view.servers, [](Server const& server) { return server.keys == 0; });
}

/// The first of a shard's servers that knows nobody and is to stay.
Server const* blank_server(View const& view, int shard) {
  auto const found = std::ranges::find_if(view.servers, [&](Server const& server) {
    return server.place.shard == shard && server.is_blank() && !server.is_leaving;
  });
  return found != view.servers.end() ? &*found : nullptr;
}

/// What a shard's lost owner had, unless it has another by now; and of what nobody ever had, its
/// share.
valkey::SlotSet slots_for(int shard, Situation const& situation, std::vector<Ghost> const& lost) {
  bool const has_owner = situation.view.owner_of(shard) != nullptr;
  valkey::SlotSet of_ghosts;
  valkey::SlotSet own;
  for (auto const& ghost : lost) {
    of_ghosts = of_ghosts | ghost.slots;
    if (!has_owner && lived_in(ghost, shard, situation)) own = own | ghost.slots;
  }
  auto const shares = valkey::even_shares(static_cast<std::size_t>(situation.spec.shards));
  auto const at = static_cast<std::size_t>(shard);
  if (at < shares.size()) own = own | (valkey::SlotSet{shares[at]} - of_ghosts);
  return own & orphaned_slots(situation.view);
}

std::uint64_t newest_epoch(View const& view) {
  std::uint64_t newest = 0;
  for (auto const& server : view.servers)
    for (auto const& node : server.topology.nodes()) newest = std::max(newest, node.config_epoch);
  return newest;
}

/// A cluster agrees no sooner than its node time-out lets it: it is a short one until it does.
Stage hurry(Situation const& situation) {
  Stage stage;
  if (situation.spec.shards > most_shards_to_hurry) return stage;
  for (auto const& server : situation.view.servers)
    stage.emplace_back(Configure{.server = target_of(server),
                                 .run_id = {},
                                 .directives = {{"cluster-node-timeout", "1000"}}});
  return stage;
}

}  // namespace

namespace guards {

bool always(Situation const&) { return true; }

bool view_is_complete(Situation const& situation) {
  return CompleteView::of(situation.view).has_value();
}

bool owners_are_gone(Situation const& situation) {
  if (!view_is_complete(situation) || !keepers_of_unowned_data(situation.view).empty())
    return false;
  auto const known = ghosts(situation.view);
  return std::ranges::none_of(
      known, [](Ghost const& ghost) { return !ghost.slots.empty() && ghost.has_replicas; });
}

bool only_we_can_fill_vacancies(Situation const& situation) {
  auto const view = CompleteView::of(situation.view);
  return view && !vacancies(*view, situation).empty();
}

bool a_successor_is_in_sync(Situation const& situation) {
  return std::ranges::any_of(leaving_owners(situation),
                             [](Leaving const& leaving) { return leaving.successor != nullptr; });
}

bool servers_agree(Situation const& situation) { return unsettled(situation.view).empty(); }

}  // namespace guards

namespace actions {

Course nothing(Situation const&) { return {}; }

Course hand_over(Situation const& situation) {
  Stage stage;
  for (auto const& [owner, successor] : leaving_owners(situation))
    if (successor)
      stage.emplace_back(HandOver{.replica = target_of(*successor), .primary = target_of(*owner)});
  return done_in(std::move(stage));
}

Course await_successor(Situation const& situation) {
  std::string pods;
  for (auto const& leaving : leaving_owners(situation))
    pods += (pods.empty() ? "" : ", ") + leaving.owner->place.pod_name;
  return waiting_for("no replica is in sync to take over from " + pods + ", which ends");
}

Course assign_slots(Situation const& situation) {
  auto const complete = CompleteView::of(situation.view);
  if (!complete) return await_owners(situation);
  auto const& view = situation.view;
  auto const lost = ghosts(view);
  auto epoch = newest_epoch(view);
  Stage stage;
  std::string wait;
  for (int shard = 0; shard < situation.spec.shards; ++shard) {
    auto const* const present = view.owner_of(shard);
    auto const* const keeper = present ? nullptr : last_keeper(view, shard);
    auto const* owner = present ? present : keeper;
    if (!owner) owner = blank_server(view, shard);
    auto const slots = slots_for(shard, situation, lost);
    if (!owner)
      wait = "shard " + situation.names.shard(shard) + " has no empty server for its slots";
    if (!owner || (slots.empty() && !keeper)) continue;
    auto const claim = present ? std::nullopt : std::optional{++epoch};
    stage.emplace_back(AssignSlots{*complete, target_of(*owner), slots, claim});
  }
  if (stage.empty()) return waiting_for(wait);
  if (!is_empty_world(view)) return done_in(std::move(stage));
  return done_in({hurry(situation), std::move(stage)});
}

/// One at a time: each changes what the next is decided on.
Course take_over(Situation const& situation) {
  auto const complete = CompleteView::of(situation.view);
  if (!complete) return {};
  for (auto const& [dead, successor] : vacancies(*complete, situation))
    return done_in(Stage{TakeOver{*complete, target_of(*successor), dead}});
  return {};
}

Course await_owners(Situation const& situation) {
  auto const* const unknown = situation.view.unknown();
  auto const keepers = keepers_of_unowned_data(situation.view);
  if (unknown)
    return waiting_for("slots are nobody's, unless they are those of " + unknown->place.pod_name +
                       ", which is silent: " + unknown->why);
  if (!keepers.empty())
    return waiting_for(keepers.front()->place.pod_name + " has data of slots that are nobody's");
  return waiting_for("a replica of the lost primary is to be elected");
}

Course meet(Situation const& situation) {
  auto const& view = situation.view;
  auto const* const host = hub(view);
  Stage stage;
  for (auto const* const newcomer : unmet_servers(view)) {
    stage.emplace_back(Meet{.host = target_of(*host), .newcomer = target_of(*newcomer)});
    // A replica that has met its own primary need not wait until the news of it comes round.
    auto const* const owner = view.owner_of(newcomer->place.shard);
    if (owner && owner != host && owner != newcomer && newcomer->is_blank())
      stage.emplace_back(Meet{.host = target_of(*newcomer), .newcomer = target_of(*owner)});
  }
  return done_in(std::move(stage));
}

Course follow(Situation const& situation) {
  Stage stage;
  for (auto const& [server, primary] : stray_replicas(situation))
    stage.emplace_back(Follow{.replica = target_of(*server), .primary = primary});
  return done_in(std::move(stage));
}

Course forget_ghosts(Situation const& situation) {
  auto const complete = CompleteView::of(situation.view);
  if (!complete) return await_agreement(situation);
  Stage stage;
  std::string wait;
  auto const claimed = situation.view.claimed();
  for (auto const& ghost : ghosts(situation.view)) {
    // Slots that a server has by now and that some still take for the ghost's are no obstacle:
    // these wait for a claim with a newer epoch, or for nobody to have them.
    if (!claimed.contains_all(ghost.slots) || ghost.has_replicas) {
      wait = "node " + std::string{ghost.id.text()} + " is gone and still has slots or replicas";
      continue;
    }
    std::vector<Target> members(ghost.known_by.size());
    std::ranges::transform(ghost.known_by, members.begin(),
                           [](Server const* server) { return target_of(*server); });
    stage.emplace_back(Forget{*complete, std::move(members), ghost.id});
  }
  return stage.empty() ? waiting_for(wait) : done_in(std::move(stage));
}

Course await_agreement(Situation const& situation) {
  return waiting_for(unsettled(situation.view));
}

Course configure(Situation const& situation) {
  Stage stage;
  for (auto const* const server : unconfigured_servers(situation))
    stage.emplace_back(Configure{.server = target_of(*server),
                                 .run_id = server->run_id,
                                 .directives = desired::live_directives(situation.spec)});
  for (auto const* const server : servers_with_old_users(situation.view))
    stage.emplace_back(LoadUsers{.server = target_of(*server)});
  for (auto const* const server : servers_with_old_certificates(situation.view))
    stage.emplace_back(ReloadCertificate{.server = target_of(*server)});
  return done_in(std::move(stage));
}

}  // namespace actions
}  // namespace cluster
