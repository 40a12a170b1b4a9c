#include <unistd.h>
#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "lib/bulk/journal.h"
#include "tests/fuzz/require.h"

// A journal is read after crashes: of any bytes, the entries up to the first that is not valid count. A
// second reading finds the same, and what a run adds is all that has changed for the next. The input gets
// checksums, which no fuzzer would guess, unless its first byte is odd.

using namespace hail;
using bulk::Journal;
using bulk::Outcome;

namespace {

constexpr std::uint64_t most_indices = 64;

// What is known about the first indices.
struct View {
    explicit View(const Journal& journal) : outputs(journal.outputs()), is_complete(journal.is_complete()) {
        for (std::uint64_t index = 0; index < most_indices; ++index) {
            fates += std::to_string(static_cast<int>(journal.fate(index)));
        }
        for (std::size_t outcome = 0; outcome < bulk::outcome_count; ++outcome) {
            counts += std::to_string(journal.count(static_cast<Outcome>(outcome))) + " ";
        }
    }

    bool operator==(const View& other) const {
        return fates == other.fates && counts == other.counts && outputs.output == other.outputs.output &&
               outputs.errors == other.outputs.errors && outputs.unknown == other.outputs.unknown &&
               is_complete == other.is_complete;
    }

    std::string fates;
    std::string counts;
    Journal::Outputs outputs;
    bool is_complete;
};

// A byte stands for a small number or for a very large one.
std::uint64_t number_of(char byte) {
    const auto number = static_cast<unsigned char>(byte);
    constexpr unsigned char half = 128;
    return number < half ? number : UINT64_MAX - (number - half);
}

// Five bytes give an entry: its type, its outcome and its numbers. The rest is a torn entry.
std::string entries(std::string_view input) {
    constexpr std::string_view types = "SLDORE";
    constexpr std::size_t compact_size = 5;
    std::string all;
    for (; input.size() >= compact_size; input.remove_prefix(compact_size)) {
        std::string entry{types[number_of(input[0]) % types.size()], input[1], 0, 0};
        for (std::size_t i = 2; i < compact_size; ++i) {
            for (unsigned shift = 0; shift < 64; shift += 8) {
                entry += static_cast<char>(number_of(input[i]) >> shift & 0xFFU);
            }
        }
        const auto* const bytes = reinterpret_cast<const Bytef*>(entry.data());
        const std::uint64_t checksum = ::crc32_z(0, bytes, entry.size());
        std::string checked;
        for (unsigned shift = 0; shift < 32; shift += 8) {
            checked += static_cast<char>(checksum >> shift & 0xFFU);
        }
        all += entry.insert(4, checked);
    }
    return all + std::string(input);
}

Journal open(const std::string& path) {
    return Journal(path, "x", Journal::Durability::process);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    static const std::string path =
        (std::filesystem::temp_directory_path() / ("hail-fuzz-journal-" + std::to_string(::getpid())))
            .string();
    std::filesystem::remove(path);
    { const Journal begun = open(path); }
    std::ofstream(path, std::ios::binary | std::ios::app)
        << (input[0] % 2 == 0 ? entries(input.substr(1)) : std::string(input.substr(1)));
    const auto size_before = std::filesystem::file_size(path);
    const View first = View(open(path));
    require(std::filesystem::file_size(path) <= size_before);
    require(View(open(path)) == first);
    {
        Journal journal = open(path);
        journal.sending(most_indices, most_indices);
        journal.settled(most_indices, Outcome::ok);
        journal.commit(first.outputs);
    }
    View last(open(path));
    require(open(path).fate(most_indices) == Journal::Fate::done);
    last.counts = first.counts;  // one more
    require(last == first);
    std::filesystem::remove(path);
    return 0;
}
