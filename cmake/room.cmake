# room(<name> SOURCES … [LINK …] [LINK_PRIVATE …] [TESTS …]): a static library ringbook_<name>; what
# its headers include is linked for all who use it, the rest for itself. With TESTS, the
# executable <name>_unit_test that ctest runs under that name.
# suite(<name> SOURCES … [LINK …]): an executable of tests above the rooms.

# g++ 12 takes the empty values of std::optional for uninitialised ones. (Under TSan it sees overruns
# in moves of std::expected too; that preset is told so.) Clang finds libstdc++ 12 using what it
# calls deprecated itself.
add_library(ringbook_options INTERFACE)
target_include_directories(ringbook_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(ringbook_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                                                  -Wnon-virtual-dtor -Werror
                                                  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
                                                  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
target_link_libraries(ringbook_options INTERFACE Threads::Threads)

function(room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;LINK_PRIVATE;TESTS" ${ARGN})
  add_library(ringbook_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(ringbook_${name} PUBLIC ringbook_options ${ARG_LINK} PRIVATE ${ARG_LINK_PRIVATE})
  if(ARG_TESTS)
    suite(${name}_unit_test SOURCES ${ARG_TESTS} LINK ringbook_${name})
  endif()
endfunction()

function(suite name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE RINGBOOK_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ringbook_options ${ARG_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
  # GoogleTest and the library's headers are most of what a test compiles: the first suite compiles
  # them once for all.
  get_property(owner GLOBAL PROPERTY ringbook_precompiled)
  if(owner)
    target_precompile_headers(${name} REUSE_FROM ${owner})
  else()
    target_precompile_headers(${name} PRIVATE <gmock/gmock.h> <gtest/gtest.h> <chrono> <functional>
      <map> <memory> <optional> <random> <string> <string_view> <vector>)
    set_property(GLOBAL PROPERTY ringbook_precompiled ${name})
  endif()
  add_test(NAME ${name} COMMAND ${name})
endfunction()
