if(NOT (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 19)
   AND NOT (CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 14))
  message(
    FATAL_ERROR
      "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} will not do: Clang 19 or GCC 14 is the oldest "
      "compiler that builds this project (older Clang lacks std::expected of libstdc++, older GCC miscompiles "
      "coroutines); on Debian install "
      "clang-19, delete ${CMAKE_BINARY_DIR} and configure with CXX=clang++-19.")
endif()
