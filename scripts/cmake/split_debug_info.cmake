# But for Debug, moves a binary's debug information to <binary>.debug, where debuggers find it by its link.
function(split_debug_info binary)
  if(CMAKE_BUILD_TYPE STREQUAL "Debug")
    return()
  endif()
  set(file $<TARGET_FILE:${binary}>)
  add_custom_command(
    TARGET ${binary} POST_BUILD
    COMMAND ${CMAKE_OBJCOPY} --only-keep-debug ${file} ${file}.debug
    COMMAND ${CMAKE_OBJCOPY} --strip-all --add-gnu-debuglink=${file}.debug ${file}
    BYPRODUCTS ${binary}.debug VERBATIM)
endfunction()
