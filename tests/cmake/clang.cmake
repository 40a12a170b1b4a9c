# clang, warnings as errors: cmake -C tests/cmake/clang.cmake -S . -B build/clang -G Ninja
set(CMAKE_CXX_COMPILER clang++ CACHE STRING "C++ compiler")
# The g++ build compiles each file alone, and so sees a missing include; this one saves half of its time.
set(CMAKE_UNITY_BUILD ON CACHE BOOL "Compile several files as one unit")
set(HAIL_WERROR ON CACHE BOOL "Treat warnings as errors")
# libstdc++ 13 and 14 bring it along with <chrono>: it finds the names that argument-dependent lookup then confuses.
set(CMAKE_CXX_FLAGS "-include iomanip" CACHE STRING "Flags of every build type")
