#pragma once
#include "webhook/policy.hpp"

/// Each in a file of its name.
namespace webhook::policies {

extern Policy const schema;
extern Policy const memory;
extern Policy const resources;
extern Policy const directives;
extern Policy const users;
extern Policy const image_downgrade;
extern Policy const upgrade_freeze;
extern Policy const scale_in;
extern Policy const data_protection;
extern Policy const risks;

}  // namespace webhook::policies
