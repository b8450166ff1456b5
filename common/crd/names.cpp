#include "common/crd/names.hpp"

#include "common/ascii.hpp"
#include "common/kube/names.hpp"

namespace crd {

schema::Format const cluster_name{
    .what = "a cluster's name: a letter, then at most 44 of a-z, 0-9 and, within, -",
    .pattern = "^[a-z]([-a-z0-9]*[a-z0-9])?$",
    .matches =
        [](std::string_view text) {
          return kube::is_dns_label(text) && ascii::is_letter(text.front());
        },
    .longest = 45};

}  // namespace crd
