#include "common/kube/packed.hpp"

#include "test/property/generators.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

namespace gen = rc::gen;
using kube::pack;
using kube::unpack;
using sample::Spec;

/// What damaged bytes hold, if they hold anything, is a value like any other.
void unpacks_or_is_refused(std::string_view bytes) {
  auto const unpacked = unpack<Spec>(bytes);
  RC_CLASSIFY(unpacked.has_value());
  if (unpacked)
    RC_ASSERT(pack(unpack<Spec>(pack(*unpacked)).value()) == pack(*unpacked));
  else
    RC_ASSERT(unpacked.error().fault == Fault::Permanent);
}

}  // namespace

TEST_CASE("whatever is packed unpacks to itself") {
  CHECK(rc::check([](Spec const& spec) { RC_ASSERT(unpack<Spec>(pack(spec)).value() == spec); }));
}

TEST_CASE("JSON is packed to the bit, NaN and infinity too") {
  CHECK(rc::check([] {
    auto const packed = pack(*value_with_any_double());
    RC_ASSERT(pack(unpack<json::value>(packed).value()) == packed);
  }));
}

TEST_CASE("packed bytes that end early or late are refused") {
  CHECK(rc::check([](Spec const& spec) {
    auto const packed = pack(spec);
    auto const size = *gen::inRange<std::size_t>(0, packed.size());
    RC_ASSERT(!unpack<Spec>(std::string_view{packed}.substr(0, size)));
    RC_ASSERT(!unpack<Spec>(packed + '\0'));
  }));
}

TEST_CASE("packed bytes of which one was changed unpack, or are refused") {
  CHECK(rc::check([](Spec const& spec) {
    auto packed = pack(spec);
    packed[*gen::inRange<std::size_t>(0, packed.size())] = *gen::arbitrary<char>();
    unpacks_or_is_refused(packed);
  }));
}

TEST_CASE("any bytes unpack, or are refused") {
  CHECK(rc::check([] { unpacks_or_is_refused(*text()); }));
}
