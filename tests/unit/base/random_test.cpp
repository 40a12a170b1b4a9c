#include "lib/base/random.h"

#include <doctest/doctest.h>
#include <algorithm>

#include "lib/base/characters.h"

using namespace hail::base;

TEST_CASE("random: hexadecimal text has two digits per byte and differs each time") {
    const std::string text = random_hex(16);
    CHECK(text.size() == 32);
    CHECK(std::all_of(text.begin(), text.end(), is_hex_digit));
    CHECK(text != random_hex(16));
}
