#pragma once
#include "common/kube/element_parser.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace kube {

struct ListMetadata {
  std::string resource_version;
  std::string continue_token;  ///< empty on the last page
  bool operator==(ListMetadata const&) const = default;
};

/// How long a list may be, in bytes: 500 objects as large as etcd takes them, and some more.
inline constexpr std::uint64_t longest_list = std::uint64_t{1} << 30;

/// Chunks of bytes, cut anywhere, into the objects of a list, while they arrive.
class ListDecoder {
 public:
  explicit ListDecoder(ElementParser::Sink sink, ElementLimits limits = {},
                       std::uint64_t longest = longest_list);
  ListDecoder(ListDecoder const&) = delete;
  ListDecoder& operator=(ListDecoder const&) = delete;
  ~ListDecoder() = default;

  /// What is no JSON, has items that are no objects, or is too long, is Transient.
  Result<> feed(std::string_view bytes);

  /// To be called once, when all was fed. A list that was cut short is Transient; a document that
  /// is no list, such as a Table, is Permanent.
  Result<ListMetadata> finish();

 private:
  ElementParser::Sink sink_;
  std::optional<Error> malformed_;
  ElementParser items_;
  std::uint64_t left_;  ///< bytes that may still come
};

}  // namespace kube
