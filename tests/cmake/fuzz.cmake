# libFuzzer on top of the sanitizers: cmake -C tests/cmake/fuzz.cmake -S . -B build/fuzz -G Ninja
set(HAIL_FUZZ ON CACHE BOOL "Build the fuzz targets as fuzzers")
set(HAIL_SANITIZE "fuzzer-no-link,address,undefined" CACHE STRING "Sanitizers to build with")
include("${CMAKE_CURRENT_LIST_DIR}/asan.cmake")
