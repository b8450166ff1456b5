#include "common/json/mapping.hpp"

#include "test/property/generators.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

void decodes_or_is_refused(json::value const& document) {
  auto const decoded = mapping::decode<sample::Spec>(document, "spec");
  RC_CLASSIFY(decoded.has_value());
  if (decoded) {
    RC_ASSERT(mapping::decode<sample::Spec>(mapping::encode(*decoded)).value() == *decoded);
    return;
  }
  RC_ASSERT(decoded.error().fault == Fault::Invalid);
  RC_ASSERT(decoded.error().message.starts_with("spec"));
  RC_ASSERT(decoded.error().message.find(": expected ") != std::string::npos);
}

}  // namespace

TEST_CASE("whatever is encoded decodes to itself") {
  CHECK(rc::check([](sample::Spec const& spec) {
    RC_ASSERT(mapping::decode<sample::Spec>(mapping::encode(spec)).value() == spec);
  }));
}

TEST_CASE("any JSON decodes, or is refused with an error that names the field") {
  CHECK(rc::check(decodes_or_is_refused));
}

TEST_CASE("so does a document with one value that does not belong there") {
  CHECK(rc::check([] { decodes_or_is_refused(*almost_a_spec()); }));
}
