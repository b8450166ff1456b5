# Version and commit are compiled into one file, so that a new commit rebuilds only that.
find_package(Git QUIET)
set(GIT_COMMIT "")
if(GIT_FOUND)
  execute_process(
    COMMAND ${GIT_EXECUTABLE} rev-parse --show-toplevel --short=12 HEAD
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    RESULT_VARIABLE git_failed
    OUTPUT_VARIABLE git_says
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  # An archive that was unpacked within some other repository has no commit of ours.
  file(REAL_PATH ${PROJECT_SOURCE_DIR} source_directory)
  if(NOT git_failed AND git_says MATCHES "^(.*)\n([0-9a-f]+)$" AND CMAKE_MATCH_1 STREQUAL source_directory)
    set(GIT_COMMIT ${CMAKE_MATCH_2})
    # The log of HEAD grows with every commit and checkout; its growth configures again.
    execute_process(
      COMMAND ${GIT_EXECUTABLE} rev-parse --path-format=absolute --git-path logs/HEAD
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
      OUTPUT_VARIABLE git_log
      OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(EXISTS ${git_log})
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${git_log})
    endif()
  endif()
endif()

set(VERSION_SOURCE ${PROJECT_BINARY_DIR}/generated/version_numbers.cpp)
configure_file(${PROJECT_SOURCE_DIR}/scripts/cmake/version_numbers.cpp.in ${VERSION_SOURCE} @ONLY)
