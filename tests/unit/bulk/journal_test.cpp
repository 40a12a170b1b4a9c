#include "lib/bulk/journal.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "lib/base/error.h"
#include "tests/support/directory.h"

using namespace hail;
using namespace hail::bulk;
using Fate = Journal::Fate;

namespace {

struct Place {
    support::TemporaryDirectory directory;
    std::string path = directory.path("run.journal");

    Journal open(std::string_view identity = "x") const {
        return Journal(path, identity, Journal::Durability::process);
    }
    void replace(const std::string& text) const { std::ofstream(path, std::ios::binary) << text; }
    void cut_off(std::size_t bytes) const {
        const std::string text = support::read_file(path);
        REQUIRE(::truncate(path.c_str(), static_cast<off_t>(text.size() - bytes)) == 0);
    }
};

constexpr std::size_t entry = 32;

}  // namespace

TEST_CASE("journal: a record that was sent and has no outcome is in flight for the next run") {
    const Place place;
    {
        Journal journal = place.open();
        journal.sending(0, 19);
        journal.settled(0, Outcome::ok);
        journal.settled(1, Outcome::ok);
        journal.settled(2, Outcome::error);
        journal.commit({.output = 100, .errors = 10, .unknown = 0});
        journal.settled(3, Outcome::ok);  // its line may not be in the output
    }
    const Journal journal = place.open();
    CHECK_FALSE(journal.is_complete());
    CHECK(journal.fate(2) == Fate::done);
    CHECK(journal.fate(3) == Fate::in_flight);
    CHECK(journal.fate(19) == Fate::in_flight);
    CHECK(journal.fate(20) == Fate::open);
    CHECK(journal.count(Outcome::ok) == 2);
    CHECK(journal.count(Outcome::error) == 1);
    CHECK(journal.outputs().output == 100);
    CHECK(journal.outputs().errors == 10);
}

TEST_CASE("journal: a record that was sent and did not run is open for the next run") {
    const Place place;
    {
        Journal journal = place.open();
        journal.sending(0, 9);
        journal.did_not_run(2, 3);
    }
    const Journal journal = place.open();
    CHECK(journal.fate(1) == Fate::in_flight);
    CHECK(journal.fate(2) == Fate::open);
    CHECK(journal.fate(3) == Fate::open);
    CHECK(journal.fate(4) == Fate::in_flight);
}

TEST_CASE("journal: a torn entry is cut off, and so are outcomes without the size of their output") {
    for (const std::size_t bytes : {std::size_t{1}, std::size_t{17}, entry, entry + 1, 2 * entry}) {
        CAPTURE(bytes);
        const Place place;
        {
            Journal journal = place.open();
            journal.sending(0, 1);
            journal.settled(0, Outcome::ok);
            journal.commit({.output = 7});
            journal.settled(1, Outcome::ok);
            journal.commit({.output = 14});
        }
        place.cut_off(bytes);
        const bool outputs_are_there = bytes <= entry;  // only the checkpoint after them was torn
        {
            Journal journal = place.open();
            CHECK(journal.fate(1) == (outputs_are_there ? Fate::done : Fate::in_flight));
            CHECK(journal.outputs().output == (outputs_are_there ? 14 : 7));
            journal.settled(1, Outcome::unknown);
            journal.commit({.output = 20});
        }
        const Journal journal = place.open();
        CHECK(journal.fate(1) == Fate::done);
        CHECK(journal.outputs().output == 20);
        CHECK(journal.count(Outcome::ok) == (outputs_are_there ? 2 : 1));
    }
}

TEST_CASE("journal: an outcome that lost its output in one crash is not revived by the next outputs") {
    const Place place;
    {
        Journal journal = place.open();
        journal.sending(0, 1);
        journal.settled(0, Outcome::ok);
        journal.commit({.output = 7});
    }
    place.cut_off(2 * entry);  // the outputs and the checkpoint
    {
        Journal journal = place.open();
        journal.settled(1, Outcome::unknown);
        journal.commit({.output = 9});
    }
    const Journal journal = place.open();
    CHECK(journal.fate(0) == Fate::in_flight);
    CHECK(journal.count(Outcome::ok) == 0);
    CHECK(journal.fate(1) == Fate::done);
}

TEST_CASE("journal: a changed byte ends the journal there") {
    const Place place;
    {
        Journal journal = place.open();
        journal.sending(0, 0);
        journal.sending(1, 1);
    }
    std::string text = support::read_file(place.path);
    text[text.size() - entry + 9] = '\x01';
    place.replace(text);
    const Journal journal = place.open();
    CHECK(journal.fate(0) == Fate::in_flight);
    CHECK(journal.fate(1) == Fate::open);
}

TEST_CASE("journal: it is refused for another run, for another input, and while it is in use") {
    const Place place;
    {
        Journal journal = place.open();
        journal.read("a");
        journal.read("b");
        journal.settled(0, Outcome::ok);
        journal.commit({});
        CHECK_THROWS_AS(place.open(), base::Error);
    }
    CHECK_THROWS_WITH(place.open("y"), ("journal " + place.path + ": it belongs to another run").c_str());
    {
        Journal journal = place.open();
        journal.read("a");
        CHECK_THROWS_AS(journal.read("c"), base::Error);
    }
    {
        Journal journal = place.open();
        journal.read("a");
        CHECK_THROWS_AS(journal.end_of_input(), base::Error);
    }
    {
        Journal journal = place.open();
        journal.read("a");
        journal.read("b");
        journal.read("c");
        CHECK_NOTHROW(journal.end_of_input());
    }
    {
        Journal journal = place.open();
        journal.read("a");
        journal.settled(1, Outcome::ok);
        journal.commit({});  // this run was interrupted earlier than the one before it
    }
    {
        Journal journal = place.open();
        journal.read("a");
        CHECK_THROWS_AS(journal.end_of_input(), base::Error);
    }
    place.replace("{\"id\":1}\n");
    CHECK_THROWS_WITH(place.open(), ("journal " + place.path + ": it is not a journal").c_str());
    CHECK(support::read_file(place.path) == "{\"id\":1}\n");
}

TEST_CASE("journal: a complete run is known as such") {
    const Place place;
    place.open().complete();
    CHECK(place.open().is_complete());
}

TEST_CASE("index ranges: neighbours become one range, and a removal cuts one") {
    IndexRanges ranges;
    ranges.add(5, 9);
    ranges.add(0, 3);
    CHECK(ranges.size() == 2);
    CHECK_FALSE(ranges.contains(4));
    ranges.add(4, 4);
    CHECK(ranges.size() == 1);
    ranges.add(2, 20);
    CHECK(ranges.contains(20));
    ranges.remove(3, 3);
    CHECK(ranges.size() == 2);
    CHECK(ranges.contains(2));
    CHECK_FALSE(ranges.contains(3));
    CHECK(ranges.contains(4));
    ranges.remove(0, 100);
    CHECK(ranges.size() == 0);
}
