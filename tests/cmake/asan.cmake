# clang with AddressSanitizer and UndefinedBehaviorSanitizer: cmake -C tests/cmake/asan.cmake -S . -B build/asan -G Ninja
include("${CMAKE_CURRENT_LIST_DIR}/clang.cmake")
set(CMAKE_BUILD_TYPE Debug CACHE STRING "Build type")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g -D_GLIBCXX_ASSERTIONS" CACHE STRING "Flags of the build type Debug")
set(HAIL_SANITIZE "address,undefined" CACHE STRING "Sanitizers to build with")
