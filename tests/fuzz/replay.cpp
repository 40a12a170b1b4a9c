#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

// Stands in for libFuzzer in builds without it: gives a fuzz target each file of the named folders once.
//
// Shape:   a target that finds a fault aborts; a folder without files is a fault too.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<char> read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int replay(const char* folder) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        // Named first, so that the one that aborts is known.
        std::printf("%s\n", entry.path().c_str());
        std::fflush(stdout);
        const std::vector<char> bytes = read(entry.path());
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
        ++count;
    }
    return count;
}

}  // namespace

int main(int count, char** words) {
    int inputs = 0;
    for (int i = 1; i < count; ++i) {
        inputs += replay(words[i]);
    }
    std::printf("%d inputs\n", inputs);
    return inputs > 0 ? 0 : 1;
}
