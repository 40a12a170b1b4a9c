# As a package has it: cmake -C tests/cmake/release.cmake -S . -B build/release -G Ninja
set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type")
set(CMAKE_INSTALL_PREFIX /usr CACHE PATH "Where to install")
set(HAIL_TESTS OFF CACHE BOOL "Build the tests")
