#pragma once
#include "common/json/json.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Structs with a member of every shape that the mapping knows.
namespace sample {

enum class Strategy { Rolling, OnDelete };
BOOST_DESCRIBE_ENUM(Strategy, Rolling, OnDelete)

struct Image {
  std::string repository = "docker.io/valkey/valkey";
  std::string tag;
  bool allow_downgrade = false;
  bool operator==(Image const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Image, (), (repository, tag, allow_downgrade))

struct Spec {
  std::int32_t shards = 3;
  std::uint64_t bytes = 0;
  std::int64_t offset = 0;
  Image image{.tag = "9.0"};
  Strategy strategy = Strategy::Rolling;
  std::optional<std::string> storage_class;
  std::map<std::string, std::string> labels{{"app", "valkey"}};
  std::map<std::string, std::vector<bool>> flags;
  std::vector<Image> extra_images;
  std::vector<std::optional<std::int32_t>> ports;
  std::optional<Image> metrics;
  json::value affinity;
  bool operator==(Spec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Spec, (),
                      (shards, bytes, offset, image, strategy, storage_class, labels, flags,
                       extra_images, ports, metrics, affinity))

}  // namespace sample
