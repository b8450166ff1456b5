# The scripts that run in the pods are files, so that they can be checked and tried; the operator has their texts.
set(POD_SCRIPTS_SOURCE ${PROJECT_BINARY_DIR}/generated/pod_scripts.cpp)
set(pod_scripts_folder ${PROJECT_SOURCE_DIR}/operator/cluster/desired/scripts)
foreach(script start ask probe stop)
  file(READ ${pod_scripts_folder}/${script}.sh POD_SCRIPT_${script})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${pod_scripts_folder}/${script}.sh)
endforeach()
configure_file(${PROJECT_SOURCE_DIR}/scripts/cmake/pod_scripts.cpp.in ${POD_SCRIPTS_SOURCE} @ONLY)
