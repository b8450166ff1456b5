#include "test/support/names.hpp"

#include <condition_variable>
#include <dlfcn.h>
#include <mutex>
#include <netdb.h>
#include <optional>

namespace {

struct Resolver {
  std::mutex mutex;
  std::condition_variable resumed;
  std::map<std::string, Names::Addresses> known;
  int looked_up = 0;
  bool held = false;
};

Resolver& resolver() {
  static Resolver the_one;
  return the_one;
}

std::optional<Names::Addresses> known_addresses(char const* name) {
  auto& [mutex, resumed, known, looked_up, held] = resolver();
  std::unique_lock lock{mutex};
  auto const found = known.find(name == nullptr ? "" : name);
  if (found == known.end()) return std::nullopt;
  ++looked_up;
  auto addresses = found->second;
  resumed.wait(lock, [&held] { return !held; });
  return addresses;
}

}  // namespace

Names::Names(std::map<std::string, Addresses> known) {
  std::scoped_lock const lock{resolver().mutex};
  resolver().known = std::move(known);
  resolver().looked_up = 0;
}

Names::~Names() {
  resume();
  std::scoped_lock const lock{resolver().mutex};
  resolver().known.clear();
}

void Names::hold() {
  std::scoped_lock const lock{resolver().mutex};
  resolver().held = true;
}

void Names::resume() {
  std::scoped_lock const lock{resolver().mutex};
  resolver().held = false;
  resolver().resumed.notify_all();
}

int Names::looked_up() {
  std::scoped_lock const lock{resolver().mutex};
  return resolver().looked_up;
}

/// Takes the place of the system's, and asks that for all it does not know.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the system's are reserved.
extern "C" int getaddrinfo(char const* name, char const* service, addrinfo const* hints,
                           addrinfo** found) {
  static auto* const systems =
      reinterpret_cast<decltype(&getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  auto const addresses = known_addresses(name);
  if (!addresses) return systems(name, service, hints, found);
  *found = nullptr;
  for (auto address = addresses->rbegin(); address != addresses->rend(); ++address) {
    addrinfo* entry = nullptr;
    auto const failure = systems(address->c_str(), service, hints, &entry);
    if (failure != 0) return failure;
    entry->ai_next = *found;
    *found = entry;
  }
  return addresses->empty() ? EAI_NONAME : 0;
}
