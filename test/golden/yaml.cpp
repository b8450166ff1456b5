#include "test/golden/yaml.hpp"

#include <boost/json/serialize.hpp>

namespace {

bool is_plain(json::value const& value) {
  auto const* const object = value.if_object();
  auto const* const list = value.if_array();
  return (!object || object->empty()) && (!list || list->empty());
}

void write(json::value const& value, std::string const& indent, std::string& text);

void write_text(json::string const& value, std::string const& indent, std::string& text) {
  if (!std::string_view{value}.contains('\n')) {
    text += " " + json::serialize(value) + "\n";
    return;
  }
  text += value.ends_with('\n') ? " |\n" : " |-\n";
  for (std::string_view rest = value; !rest.empty();) {
    auto const end = std::min(rest.find('\n'), rest.size());
    text += end == 0 ? "\n" : indent + std::string{rest.substr(0, end)} + "\n";
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void write_part(json::value const& value, std::string const& indent, std::string& text) {
  if (auto const* const string = value.if_string())
    write_text(*string, indent, text);
  else if (is_plain(value))
    text += " " + json::serialize(value) + "\n";
  else
    write(value, indent, text += "\n");
}

void write(json::value const& value, std::string const& indent, std::string& text) {
  if (auto const* const object = value.if_object())
    for (auto const& [key, part] : *object) {
      text += indent + std::string{key} + ":";
      write_part(part, indent + "  ", text);
    }
  if (auto const* const list = value.if_array())
    for (auto const& part : *list) {
      text += indent + "-";
      write_part(part, indent + "  ", text);
    }
}

}  // namespace

std::string yaml(json::value const& document) {
  std::string text;
  write(document, "", text);
  return text;
}
