#pragma once
#include "common/kube/object.hpp"

namespace sample {

/// An object as a store keeps it.
struct Object {
  kube::Metadata metadata;
  std::int64_t number = 0;
  bool operator==(Object const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Object, (), (metadata, number))

}  // namespace sample
