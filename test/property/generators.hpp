#pragma once
#include "common/json/json.hpp"
#include "test/support/sample.hpp"

#include <rapidcheck.h>

/// JSON of any shape, its keys often those of sample::Spec.
template <>
struct rc::Arbitrary<json::value> {
  static Gen<json::value> arbitrary();
};

template <>
struct rc::Arbitrary<sample::Image> {
  static Gen<sample::Image> arbitrary();
};

template <>
struct rc::Arbitrary<sample::Spec> {
  static Gen<sample::Spec> arbitrary();
};
