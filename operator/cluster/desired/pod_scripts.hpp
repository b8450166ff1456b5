#pragma once
#include <string_view>

/// What runs in a pod beside its server: the texts of the files in scripts/.
namespace cluster::desired::pod_scripts {

extern std::string_view const start;  ///< the container's command
extern std::string_view const ask;    ///< commands to this pod's server, for the next two
extern std::string_view const probe;
extern std::string_view const stop;  ///< before the container ends

}  // namespace cluster::desired::pod_scripts
