#include "common/valkey/replication.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

/// Failures are short, and never ask to change an object.
void check(auto const& result) {
  if (result) return;
  auto const& error = result.error();
  must(error.fault == Fault::Transient || error.fault == Fault::NotFound);
  must(error.message.size() < 512);
}

}  // namespace

/// Whatever a server says of itself, it can be asked for anything.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  auto const facts = valkey::Facts::parse({reinterpret_cast<char const*>(bytes), size});
  check(facts);
  if (!facts) return 0;
  for (auto const* const name : {"role", "connected_slaves", "used_memory", "", "a"}) {
    check(facts->text(name));
    check(facts->integer(name));
    check(facts->number(name));
  }
  auto const version = valkey::version_of(*facts);
  check(version);
  if (version) must(valkey::ServerVersion::parse(version->text()).value() == *version);
  auto const replication = valkey::replication_of(*facts);
  check(replication);
  if (replication)
    must(replication->link.has_value() == (replication->role == valkey::Role::Replica));
  return 0;
}
