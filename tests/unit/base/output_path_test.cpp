#include "lib/base/output_path.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "tests/support/directory.h"

using namespace hail::base;
using hail::support::TemporaryDirectory;

TEST_CASE("output path: two names of one file are found, whether it exists or not") {
    const TemporaryDirectory folder;
    const std::string old = folder.file("old", "x");
    const std::string young = folder.path("young");
    REQUIRE(::symlink("old", folder.path("to-old").c_str()) == 0);
    REQUIRE(::symlink("young", folder.path("to-young").c_str()) == 0);
    REQUIRE(::symlink(young.c_str(), folder.path("to-young-too").c_str()) == 0);
    REQUIRE(::symlink(".", folder.path("here").c_str()) == 0);
    REQUIRE(::symlink("loop", folder.path("loop").c_str()) == 0);
    CHECK(write_the_same_file(old, folder.path("./old")));
    CHECK(write_the_same_file(old, folder.path("to-old")));
    CHECK(write_the_same_file(folder.path("here/young"), young));
    CHECK(write_the_same_file(folder.path("to-young"), young));
    CHECK(write_the_same_file(folder.path("to-young"), folder.path("to-young-too")));
    CHECK(write_the_same_file(old, folder.path("old.part")));
    CHECK(write_the_same_file("young.part", "./young"));
    CHECK(write_the_same_file("/nowhere/young", "/nowhere/./young") == false);  // neither can be written
    CHECK_FALSE(write_the_same_file(old, young));
    CHECK_FALSE(write_the_same_file(folder.path("loop"), young));
}

TEST_CASE("output path: devices and open descriptors can take two outputs") {
    CHECK_FALSE(write_the_same_file("/dev/null", "/dev/null"));
    CHECK_FALSE(write_the_same_file("/dev/stderr", "/dev/fd/2"));
    CHECK_FALSE(write_the_same_file("-", "-"));
    CHECK_FALSE(write_the_same_file("", ""));
}
