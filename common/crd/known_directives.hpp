#pragma once
#include <span>
#include <string_view>

namespace crd {

/// Whether a Valkey that we know takes a directive of that name. Newer ones, and modules, may take
/// others.
bool is_known_directive(std::string_view name);

/// The directive that was probably meant; empty where none is similar.
std::string_view similar_directive(std::string_view wrong);

/// The same of any words: one that is at most two letters away, and not more than every third.
std::string_view similar_word(std::string_view wrong, std::span<std::string_view const> words);

}  // namespace crd
