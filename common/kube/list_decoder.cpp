#include "common/kube/list_decoder.hpp"

#include "common/kube/peek.hpp"
#include "common/utf8.hpp"

#include <utility>

namespace kube {
namespace {

bool has_items(json::value const& list) {
  auto const* const items = member(&list, "items");
  return items && (items->is_array() || items->is_null());  // Go writes null for an empty list
}

}  // namespace

ListDecoder::ListDecoder(ElementParser::Sink sink, ElementLimits limits, std::uint64_t longest)
    : sink_{std::move(sink)},
      items_{Framing::List,
             [this](json::value const& item) {
               if (malformed_) return;
               if (item.is_object())
                 sink_(item);
               else
                 malformed_ = transient("an item of a list is no object").error();
             },
             limits},
      left_{longest} {}

Result<> ListDecoder::feed(std::string_view bytes) {
  if (bytes.size() > left_) return transient("the list is too long");
  left_ -= bytes.size();
  auto outcome = items_.feed(bytes);
  if (malformed_) return Failure{*malformed_};
  return outcome;
}

Result<ListMetadata> ListDecoder::finish() {
  TRY(auto const envelope, items_.take_envelope());
  if (malformed_) return Failure{*malformed_};
  constexpr std::size_t shown = 64;
  if (!envelope.is_object()) return permanent("expected a list, found no object");
  if (!has_items(envelope)) {
    auto const kind = text_of(member(&envelope, "kind")).substr(0, shown);
    return permanent("expected a list, found kind \"" + utf8::repaired(kind) + "\" without items");
  }
  return ListMetadata{
      .resource_version = std::string{text_of(metadata(envelope, "resourceVersion"))},
      .continue_token = std::string{text_of(metadata(envelope, "continue"))}};
}

}  // namespace kube
