# clang, warnings as errors: cmake -C tests/cmake/clang.cmake -S . -B build/clang -G Ninja
set(CMAKE_CXX_COMPILER clang++ CACHE STRING "C++ compiler")
set(HAIL_WERROR ON CACHE BOOL "Treat warnings as errors")
