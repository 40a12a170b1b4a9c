# To copy about and to call in loops: cmake -C tests/cmake/static.cmake -S . -B build/static -G Ninja
include("${CMAKE_CURRENT_LIST_DIR}/release.cmake")
set(HAIL_STATIC ON CACHE BOOL "Link every library that has an archive")
