#include "lib/rest/part_tag.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "lib/base/owned.h"
#include "tests/support/directory.h"

using namespace hail;
using namespace hail::rest;

TEST_CASE("part tag: it is written to a new file, and links to it are not followed") {
    const support::TemporaryDirectory folder;
    const std::string precious = folder.file("precious", "precious");
    const std::string file = folder.path("f");
    REQUIRE(::symlink(precious.c_str(), tag_file_of(file).c_str()) == 0);
    CHECK(read_tag(file).validator.empty());
    write_tag(file, {"\"v1\"", source_of("http://h/x?signed=1")});
    CHECK(read_tag(file).validator == "\"v1\"");
    CHECK(read_tag(file).source == source_of("http://h/x?signed=2"));
    CHECK(read_tag(file).source != source_of("http://h/y"));
    CHECK(support::read_file(tag_file_of(file)).starts_with("\"v1\"\n"));
    CHECK(support::read_file(precious) == "precious");
}

TEST_CASE("part tag: a finished file is recognised until it is edited") {
    const support::TemporaryDirectory folder;
    const std::string file = folder.file("f", "bytes");
    const PartTag tag{"\"v1\"", source_of("http://h/x"), 5};
    {
        const base::Descriptor open(::open(file.c_str(), O_RDWR | O_CLOEXEC));
        mark_finished(open.number(), tag);
    }
    const PartTag found = read_finished(file);
    CHECK((found == tag || found == PartTag()));  // a file system may have no attributes
    folder.file("f", "other");
    CHECK(read_finished(file) == PartTag());
}
