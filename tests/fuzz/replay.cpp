#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

// Replaces libFuzzer in builds without it: passes each file of the named folders to a fuzz target once.
//
// Shape:   a target that finds a fault aborts; a folder without files is an error too.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<char> read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int replay(const char* folder) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        // Printed first, so that the log names the file that aborts.
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
