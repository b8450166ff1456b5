#pragma once
#include <optional>
#include <string>
#include <string_view>

/// Rules for a user, one word each, as servers read them from an ACL file (valkey src/acl.c,
/// ACLSetUser). With one that it can't read a server refuses the whole file.
namespace crd {

/// Why a word can't stand in a user's commands; nothing for a good one.
std::optional<std::string> complaint_of_command(std::string_view word);

/// The same of a user's raw rules.
std::optional<std::string> complaint_of_rule(std::string_view word);

/// Whether it holds a password, so that it must not be shown.
bool is_password(std::string_view rule);

}  // namespace crd
