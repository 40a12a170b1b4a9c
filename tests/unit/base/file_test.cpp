#include "lib/base/file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>

#include "lib/base/error.h"
#include "lib/base/output_path.h"
#include "tests/support/directory.h"

using namespace hail;
using namespace hail::base;

namespace {

mode_t mode_of(const std::string& path) {
    struct stat facts {};
    REQUIRE(::lstat(path.c_str(), &facts) == 0);
    return facts.st_mode & 0777U;
}

}  // namespace

TEST_CASE("read file: a missing file is nothing, a folder is an error") {
    const support::TemporaryDirectory folder;
    CHECK(!read_file(folder.path("none"), "it"));
    CHECK_THROWS_WITH_AS(read_file(folder.path(""), "the folder"), "reading the folder: Is a directory",
                         Error);
    folder.file("f", std::string(100'000, 'x'));
    CHECK(read_file(folder.path("f"), "it")->size() == 100'000);
}

TEST_CASE("first line: it may be long, and ends at a line feed") {
    const support::TemporaryDirectory folder;
    const std::string token(5'000, 't');
    folder.file("f", token + "\r\nsecond\n");
    CHECK(read_first_line(folder.path("f"), "it") == token);
    folder.file("f", "only");
    CHECK(read_first_line(folder.path("f"), "it") == "only");
    folder.file("f", std::string((1U << 20U) + 1, 't'));
    CHECK_THROWS_WITH_AS(read_first_line(folder.path("f"), "the secret"),
                         "reading the secret: its first line is longer than 1 MiB", Error);
    CHECK_THROWS_WITH_AS(read_first_line(folder.path("g"), "the secret"),
                         "reading the secret: No such file or directory", Error);
}

TEST_CASE("first line: a byte order mark and the CR of a line ending are left out") {
    const support::TemporaryDirectory folder;
    const auto first_of = [&](const std::string& bytes) {
        folder.file("f", bytes);
        return read_first_line(folder.path("f"), "it");
    };
    CHECK(first_of("\xEF\xBB\xBFword\r\nsecond\r\n") == "word");
    CHECK(first_of("\xEF\xBB\xBF") == "");
    CHECK(first_of("in\rside\n") == "in\rside");
    CHECK(first_of("word\r") == "word");
    CHECK(first_of("\r\nsecond") == "");
}

TEST_CASE("first line: a pipe is read until its line ends, whatever the pieces") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const Descriptor reader(ends[0]);
    Descriptor writer(ends[1]);
    std::thread writes([&] {
        for (const char c : std::string("abcdef\nmore")) {
            write_all(writer.number(), {&c, 1});
        }
        writer = Descriptor();
    });
    CHECK(read_first_line("/proc/self/fd/" + std::to_string(reader.number()), "it") == "abcdef");
    writes.join();
}

TEST_CASE("replace file: the new one is private, and nothing else is left in the folder") {
    const support::TemporaryDirectory folder;
    folder.file("f", "old");
    REQUIRE(replace_file(folder.path("f"), "new"));
    CHECK(support::read_file(folder.path("f")) == "new");
    CHECK(mode_of(folder.path("f")) == 0600);
    CHECK(!replace_file(folder.path("none/f"), "new"));
    { const TemporaryFile unused(folder.path("g")); }
    CHECK(!exists(folder.path("g")));
}

TEST_CASE("lock: a second holder is refused at once") {
    const support::TemporaryDirectory folder;
    Descriptor first = lock_folder(folder.path(""), Milliseconds(0));
    const Descriptor second = lock_folder(folder.path(""), Milliseconds(0));
    CHECK(!lock_now(second));
    first = Descriptor();
    CHECK(lock_now(second));
}

TEST_CASE("output path: devices and descriptors are written in place, files are replaced") {
    const support::TemporaryDirectory folder;
    CHECK(is_written_in_place("/dev/null"));
    CHECK(is_written_in_place("/dev/fd/7"));
    CHECK(named_descriptor("/dev/stdout") == 1);
    CHECK(!is_written_in_place(folder.path("new")));
    REQUIRE(::symlink(folder.path("f").c_str(), folder.path("link").c_str()) == 0);
    folder.file("f", "");
    CHECK(resolve_links(folder.path("link")) == resolve_links(folder.path("f")));
}

TEST_CASE("read file: a device without end is an error that names the limit") {
    CHECK_THROWS_WITH_AS(read_file("/dev/zero", "it"), "reading it: it is larger than 64 MiB", Error);
}

TEST_CASE("private folder: every folder that is made is for its owner only, whatever the umask") {
    const support::TemporaryDirectory folder;
    const mode_t before = ::umask(0);
    make_private_folder(folder.path("a/b/c"));
    ::umask(before);
    for (const auto* name : {"a", "a/b", "a/b/c"}) {
        CAPTURE(name);
        CHECK(mode_of(folder.path(name)) == 0700);
    }
}
