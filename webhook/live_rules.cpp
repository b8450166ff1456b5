#include "webhook/live_rules.hpp"

#include "common/logging.hpp"

namespace webhook {
namespace {

constexpr std::size_t longest_file = std::size_t{1} << 20;

}  // namespace

Result<std::unique_ptr<LiveRules>> LiveRules::create(std::string modes_file,
                                                     std::string trusted_user) {
  std::unique_ptr<LiveRules> made{new LiveRules{std::move(modes_file), std::move(trusted_user)}};
  TRY(made->load());
  return made;
}

void LiveRules::look() {
  if (file_.empty() || stamp_of(file_).value_or(FileStamp{}) == tried_) return;
  if (auto const loaded = load(); loaded)
    logging::info("policy modes read again", {{"file", file_}});
  else
    logging::warning("changed policy modes not used", {{"message", loaded.error().message}});
}

Task<> LiveRules::follow(Clock& clock) {
  constexpr auto period = std::chrono::seconds{2};
  while (true) {
    CO_TRY(co_await clock.until(later(clock.now(), period)));
    look();
  }
}

Result<> LiveRules::load() {
  Modes modes;
  if (!file_.empty()) {
    tried_ = stamp_of(file_).value_or(FileStamp{});
    TRY(auto const text, read_file(file_, longest_file));
    auto parsed = Modes::parse(text);
    if (!parsed) return Failure{std::move(parsed).error().during(file_)};
    modes = *std::move(parsed);
  }
  current_.store(std::make_shared<Rules const>(
      Rules{.modes = std::move(modes), .trusted_user = trusted_user_}));
  return ok;
}

}  // namespace webhook
