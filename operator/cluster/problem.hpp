#pragma once
#include <boost/describe/enum.hpp>
#include <string>

namespace cluster {

/// Something that only somebody else can mend; named as conditions and events name their reasons.
enum class Trouble {
  InvalidSpec,
  DoubtfulSpec,  ///< which is followed all the same
  SecretMissing,
  CertificateMissing,
  ObjectInTheWay,
  ObjectRefused,
  ConfigRefused,
  StepFailed,
};
BOOST_DESCRIBE_ENUM(Trouble, InvalidSpec, DoubtfulSpec, SecretMissing, CertificateMissing, ObjectInTheWay,
                    ObjectRefused, ConfigRefused, StepFailed)

struct Problem {
  Trouble trouble = Trouble::InvalidSpec;
  std::string message;  ///< for people; names what to mend
  bool operator==(Problem const&) const = default;
};

}  // namespace cluster
