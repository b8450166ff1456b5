#pragma once
#include "common/json/schema.hpp"

/// The forms of text in our objects: each as an API server checks it, and as we do.
namespace crd::formats {

extern schema::Format const dns_label;
extern schema::Format const dns_subdomain;
extern schema::Format const label_value;
extern schema::Format const quantity;
extern schema::Format const duration;          ///< more than nothing
extern schema::Format const image_repository;  ///< without a tag
extern schema::Format const image_tag;         ///< with a digest if need be
extern schema::Format const secret_key;
extern schema::Format const one_line;
extern schema::Format const annotation;  ///< any text
extern schema::Format const user_name;
extern schema::Format const acl_word;  ///< a rule for one user: no blank in it
extern schema::Format const save_rule;

}  // namespace crd::formats
