# Debian 12's c++ is a GCC that cannot build this project; where nobody chose a compiler, take Clang.
if("$ENV{CXX}" STREQUAL "" AND NOT DEFINED CMAKE_CXX_COMPILER)
  find_program(SUITABLE_CLANG NAMES clang++-19 clang++-20 clang++-21 clang++)
  mark_as_advanced(SUITABLE_CLANG)
  if(SUITABLE_CLANG)
    set(CMAKE_CXX_COMPILER ${SUITABLE_CLANG})
  endif()
endif()
