# Run at every build: cmake -DSOURCE=<project> -DVERSION=<x.y.z> -DINPUT=<version.cpp.in> -DOUTPUT=<version.cpp> -P version.cmake
# The output is touched only when it changes, so that nothing else is compiled again.
set(COMMIT unknown)
find_program(GIT git)
if(GIT)
  execute_process(COMMAND ${GIT} rev-parse --show-toplevel WORKING_DIRECTORY ${SOURCE}
                  OUTPUT_VARIABLE top OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  file(REAL_PATH ${SOURCE} source)
  # A checkout of another project around unpacked sources says nothing about them.
  if(top STREQUAL source)
    execute_process(COMMAND ${GIT} describe --always --dirty=-modified --abbrev=40 --exclude=* WORKING_DIRECTORY ${SOURCE}
                    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(described)
      set(COMMIT ${described})
    endif()
  endif()
endif()
configure_file(${INPUT} ${OUTPUT} @ONLY)
