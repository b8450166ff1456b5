#pragma once
#include "common/json/json.hpp"
#include "test/support/sample.hpp"

#include <rapidcheck.h>

/// JSON of any shape, its keys often those of sample::Spec.
template <>
struct rc::Arbitrary<json::value> {
  static Gen<json::value> arbitrary();
};

/// Text of any bytes, NUL among them.
rc::Gen<std::string> text();

/// What json::value can hold and JSON cannot: NaN and infinity, at any depth.
rc::Gen<json::value> value_with_any_double();

/// A valid document of sample::Spec in which one value was replaced, removed or mistyped.
rc::Gen<json::value> almost_a_spec();

template <>
struct rc::Arbitrary<sample::Image> {
  static Gen<sample::Image> arbitrary();
};

template <>
struct rc::Arbitrary<sample::Spec> {
  static Gen<sample::Spec> arbitrary();
};
