# room(<name> SOURCES … [LINK …] [LINK_PRIVATE …] [TESTS …]): a static library ringbook_<name>; what
# its headers include is linked for all who use it, the rest for itself. With TESTS, the suite
# <name>_unit_test of the kind `unit`.
# suite(<name> KIND <kind> SOURCES … [LINK …] [RUNS_RINGBOOK] [SHARDS <n>] [PARTS <part>=<filter>…]
#       [SECONDS <n>]):
# an executable of tests above the rooms. Its tests are one entry of ctest; with SHARDS that many,
# with PARTS one for each filter of GoogleTest, so that they run side by side. An entry has its
# kind and its suite as labels, and test_<kind> builds every suite of the kind. What takes long says how many
# SECONDS, so that ctest begins with it.
# support(<name> SOURCES … [LINK …] [RUNS_RINGBOOK]): a library for the suites.
# With RUNS_RINGBOOK the code finds the binary under test as RINGBOOK_BINARY.

# g++ 12 takes the empty values of std::optional for uninitialised ones, and with -O3 the strings that
# operator+ makes for overlapping ones. (Under TSan it sees overruns
# in moves of std::expected too; that preset is told so.) Clang finds libstdc++ 12 using what it
# calls deprecated itself. In batches a file's names seem to shadow those of the file before it, and
# types of an unnamed namespace to be a header's. In tests, with optimisation, g++ 12 sees overruns in
# the strings that operator+ makes.
add_library(ringbook_options INTERFACE)
target_include_directories(ringbook_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(ringbook_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                                                  -Wnon-virtual-dtor -Werror
                                                  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized$<SEMICOLON>-Wno-restrict>
                                                  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
                                                  $<$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>:-Wno-shadow>
                                                  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wno-subobject-linkage>)
target_link_libraries(ringbook_options INTERFACE Threads::Threads)

function(room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;LINK_PRIVATE;TESTS" ${ARGN})
  add_library(ringbook_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(ringbook_${name} PUBLIC ringbook_options ${ARG_LINK} PRIVATE ${ARG_LINK_PRIVATE})
  if(ARG_TESTS)
    suite(${name}_unit_test KIND unit SOURCES ${ARG_TESTS} LINK ringbook_${name})
  endif()
endfunction()

# What suites and their libraries share.
function(compile_as_test name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE RINGBOOK_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC ringbook_options ${ARG_LINK} GTest::gtest GTest::gmock)
  target_compile_options(${name} PRIVATE ${RINGBOOK_TEST_OPTIONS}
    $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread>)
  set_target_properties(${name} PROPERTIES UNITY_BUILD ${RINGBOOK_TEST_BATCHES})
  # GoogleTest and the library's headers are most of what a test compiles: the first of them compiles
  # them once for all.
  get_property(owner GLOBAL PROPERTY ringbook_precompiled)
  if(owner)
    target_precompile_headers(${name} REUSE_FROM ${owner})
  else()
    target_precompile_headers(${name} PRIVATE <gmock/gmock.h> <gtest/gtest.h> <chrono> <functional>
      <map> <memory> <optional> <random> <string> <string_view> <vector>)
    set_property(GLOBAL PROPERTY ringbook_precompiled ${name})
  endif()
endfunction()

function(give_ringbook name)
  target_compile_definitions(${name} PRIVATE RINGBOOK_BINARY="$<TARGET_FILE:ringbook>")
  add_dependencies(${name} ringbook)
endfunction()

function(support name)
  cmake_parse_arguments(ARG "RUNS_RINGBOOK" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  compile_as_test(${name} LINK ${ARG_LINK})
  if(ARG_RUNS_RINGBOOK)
    give_ringbook(${name})
  endif()
endfunction()

function(suite name)
  cmake_parse_arguments(ARG "RUNS_RINGBOOK" "KIND;SHARDS;SECONDS" "SOURCES;LINK;PARTS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  compile_as_test(${name} LINK ${ARG_LINK})
  if(ARG_RUNS_RINGBOOK)
    give_ringbook(${name})
  endif()
  target_link_libraries(${name} PRIVATE GTest::gtest_main)
  if(NOT TARGET test_${ARG_KIND})
    add_custom_target(test_${ARG_KIND})
  endif()
  add_dependencies(test_${ARG_KIND} ${name})

  set(entries)
  if(ARG_SHARDS)
    foreach(shard RANGE 1 ${ARG_SHARDS})
      set(entry ${name}_${shard}_of_${ARG_SHARDS})
      add_test(NAME ${entry} COMMAND ${name})
      math(EXPR index "${shard} - 1")
      set_tests_properties(${entry} PROPERTIES
        ENVIRONMENT "GTEST_TOTAL_SHARDS=${ARG_SHARDS};GTEST_SHARD_INDEX=${index}")
      list(APPEND entries ${entry})
    endforeach()
  elseif(ARG_PARTS)
    foreach(part ${ARG_PARTS})
      string(REGEX MATCH "^([^=]*)=(.*)$" matched ${part})
      add_test(NAME ${name}_${CMAKE_MATCH_1} COMMAND ${name} --gtest_filter=${CMAKE_MATCH_2})
      list(APPEND entries ${name}_${CMAKE_MATCH_1})
    endforeach()
  else()
    add_test(NAME ${name} COMMAND ${name})
    set(entries ${name})
  endif()
  set_tests_properties(${entries} PROPERTIES LABELS "${ARG_KIND};${name}")
  if(ARG_SECONDS)
    set_tests_properties(${entries} PROPERTIES COST ${ARG_SECONDS})
  endif()
endfunction()
