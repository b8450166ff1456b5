#pragma once
#include "common/kube/element_parser.hpp"

#include <optional>
#include <string>

namespace kube {

struct ListMetadata {
  std::string resource_version;
  std::string continue_token;  ///< empty on the last page
  bool operator==(ListMetadata const&) const = default;
};

/// Chunks of bytes, cut anywhere, into the objects of a list, while they arrive.
class ListDecoder {
 public:
  explicit ListDecoder(ElementParser::Sink sink, ElementLimits limits = {});
  ListDecoder(ListDecoder const&) = delete;
  ListDecoder& operator=(ListDecoder const&) = delete;
  ~ListDecoder() = default;

  /// What is no JSON, or has items that are no objects, is Transient.
  Result<> feed(std::string_view bytes);

  /// To be called once, when all was fed. A list that was cut short is Transient; a document that
  /// is no list, such as a Table, is Permanent.
  Result<ListMetadata> finish();

 private:
  ElementParser::Sink sink_;
  std::optional<Error> malformed_;
  ElementParser items_;
};

}  // namespace kube
