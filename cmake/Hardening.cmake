# What a service that parses strangers' bytes is built with. Sanitizers replace the fortification: both
# intercept the same calls, and the fortified ones hide what the sanitizers would see.
add_library(mk_hardening INTERFACE)
if(MODELKEEP_SANITIZE)
  # Warnings are judged where nothing is instrumented: here GCC 12 no longer sees what std::regex has initialized and
  # how long strings are.
  target_compile_options(mk_hardening INTERFACE
    -fsanitize=${MODELKEEP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -w)
  target_link_options(mk_hardening INTERFACE -fsanitize=${MODELKEEP_SANITIZE})
else()
  target_compile_options(mk_hardening INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection
    $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
  target_compile_definitions(mk_hardening INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(mk_hardening INTERFACE -Wl,-z,relro,-z,now)
endif()
target_link_options(mk_hardening INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>)

# Used by builds that are made once and thrown away. The first target of a kind makes the header, the others of
# that kind take it over, since what is compiled with -fPIC and with -fPIE cannot share one.
function(mk_precompile target first)
  if(NOT MODELKEEP_PCH)
    return()
  endif()
  if(target STREQUAL first)
    target_precompile_headers(${target} PRIVATE
      <algorithm> <chrono> <cstdint> <functional> <map> <memory> <optional> <string> <string_view> <thread> <vector>
      <tl/expected.hpp> ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM ${first})
  endif()
endfunction()

# mk_room(<name> SOURCES ... USES ...): one folder of backend/ as a static library mk_<name>. USES are the
# rooms below it; includes are written from backend/.
function(mk_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES" ${ARGN})
  add_library(mk_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(mk_${name} PUBLIC ${PROJECT_SOURCE_DIR}/backend)
  foreach(used IN LISTS ROOM_USES)
    target_link_libraries(mk_${name} PUBLIC mk_${used})
  endforeach()
  target_link_libraries(mk_${name} PUBLIC mk_hardening PRIVATE mk_warnings)
  mk_precompile(mk_${name} mk_base)
endfunction()

# mk_unit_test(<room> SOURCES ... USES ...): the tests of one room as one program tests/<room>, run by CTest.
function(mk_unit_test name)
  cmake_parse_arguments(UNIT "" "" "SOURCES;USES" ${ARGN})
  add_executable(test_${name} ${UNIT_SOURCES})
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/backend ${PROJECT_SOURCE_DIR})
  foreach(used IN LISTS UNIT_USES)
    target_link_libraries(test_${name} PRIVATE mk_${used})
  endforeach()
  target_link_libraries(test_${name} PRIVATE GTest::gtest GTest::gtest_main mk_hardening mk_warnings)
  mk_precompile(test_${name} test_base <gtest/gtest.h>)
  gtest_discover_tests(test_${name} TEST_PREFIX "${name}/" DISCOVERY_TIMEOUT 60)
endfunction()
