#pragma once
#include "common/json/json.hpp"
#include "common/result.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace kube {

/// Which values of the bytes read are elements.
enum class Framing {
  Stream,  ///< each document of many that follow one another
  List,    ///< each value in "items" of the one document that there is
};

/// What one element may cost; more is an error. Of elements there may be any number.
///
/// An API server takes 3 MiB of JSON for an object, of which each two bytes may be a value: "0,".
/// So much has to be read, or a single object would keep all others from being seen.
struct ElementLimits {
  /// In memory: what a json::value takes for each value and each key, and their characters.
  std::size_t bytes = std::size_t{48} << 20;
  std::size_t depth = 64;  ///< of objects and lists in each other
};

/// Reads JSON in chunks that may end anywhere, and hands out its elements one by one. Of objects'
/// metadata, managedFields and kubectl's copy of what was applied last are left out: they are as
/// large as the rest, and nobody reads them.
///
/// Of equal keys the last counts, integers of 64 bits are exact, all others are the nearest double.
/// Numbers beyond double or of more than 1024 characters, invalid UTF-8, lone surrogates and
/// whatever else is no JSON end the reading.
class ElementParser {
 public:
  /// An element is valid only during the call, and so is a copy of it that is not made with memory
  /// of its own: `json::value(element, json::storage_ptr{})`.
  using Sink = std::function<void(json::value const& element)>;

  ElementParser(Framing framing, Sink sink, ElementLimits limits = {});
  ElementParser(ElementParser const&) = delete;
  ElementParser& operator=(ElementParser const&) = delete;
  ~ElementParser();

  /// A failure is Transient, what came before it was handed out, and all that follows fails too.
  Result<> feed(std::string_view bytes);

  /// What else the document of a List holds, once it is complete; "items", which was a list, is
  /// an empty one.
  Result<json::value> take_envelope();

 private:
  class Handler;
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace kube
