#pragma once
#include "common/json/schema.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

namespace crd {

enum class Truth { True, False, Unknown };
BOOST_DESCRIBE_ENUM(Truth, True, False, Unknown)

/// As meta/v1 has it.
struct Condition {
  std::string type;
  Truth status = Truth::Unknown;
  std::string reason;
  std::string message;
  std::string last_transition_time;
  std::int64_t observed_generation = 0;
  bool operator==(Condition const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Condition, (),
                      (type, status, reason, message, last_transition_time, observed_generation))

}  // namespace crd
