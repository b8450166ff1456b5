#include "common/kube/list_decoder.hpp"

#include "common/utf8.hpp"

#include <utility>

namespace kube {
namespace {

std::string text_at(json::object const& object, std::string_view key) {
  auto const* const found = object.if_contains(key);
  auto const* const text = found ? found->if_string() : nullptr;
  return text ? std::string{*text} : "";
}

bool has_items(json::object const& list) {
  auto const* const items = list.if_contains("items");
  return items && (items->is_array() || items->is_null());  // Go writes null for an empty list
}

}  // namespace

ListDecoder::ListDecoder(ElementParser::Sink sink, ElementLimits limits)
    : sink_{std::move(sink)},
      items_{Framing::List,
             [this](json::value const& item) {
               if (malformed_) return;
               if (item.is_object())
                 sink_(item);
               else
                 malformed_ = transient("an item of a list is no object").error();
             },
             limits} {}

Result<> ListDecoder::feed(std::string_view bytes) {
  auto outcome = items_.feed(bytes);
  if (malformed_) return Failure{*malformed_};
  return outcome;
}

Result<ListMetadata> ListDecoder::finish() {
  TRY(auto const envelope, items_.take_envelope());
  if (malformed_) return Failure{*malformed_};
  constexpr std::size_t shown = 64;
  auto const* const list = envelope.if_object();
  if (!list) return permanent("expected a list, found no object");
  if (!has_items(*list))
    return permanent("expected a list, found kind \"" +
                     utf8::repaired(text_at(*list, "kind").substr(0, shown)) + "\" without items");
  auto const* const metadata = list->if_contains("metadata");
  auto const* const members = metadata ? metadata->if_object() : nullptr;
  if (!members) return ListMetadata{};
  return ListMetadata{.resource_version = text_at(*members, "resourceVersion"),
                      .continue_token = text_at(*members, "continue")};
}

}  // namespace kube
