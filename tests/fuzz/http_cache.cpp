#include "lib/http/cache.h"
#include "tests/fuzz/require.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

// Whatever bytes are in the cache's directory, find() returns a complete reply that may be stored, or
// nothing. A stored reply is found again.

using namespace hail;

namespace {

// A directory of this process, removed at its end.
class Folder {
  public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "hail-fuzz-XXXXXX").string();
        require(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    const std::string& path() const { return path_; }

    // The file that ends in .vary, or the other file.
    std::string file(bool vary) const {
        for (const auto& entry : std::filesystem::directory_iterator(path_)) {
            if (entry.path().string().ends_with(".vary") == vary) {
                return entry.path().string();
            }
        }
        return path_ + "/none";
    }

  private:
    std::string path_;
};

http::Request request() {
    return {.method = "GET", .url = "http://localhost/x", .headers = {{"Accept", "*/*"}}};
}

http::ReplyHead head_of(const std::string& lines) {
    http::ReplyHead head;
    head.add_line("HTTP/1.1 200 OK");
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = std::min(lines.find('\n', at), lines.size());
        if (end > at) {
            head.add_line(lines.substr(at, end - at));
        }
        at = end + 1;
    }
    head.add_line("ETag: \"1\"");
    head.add_line("");
    return head;
}

std::string body_of(const http::CacheEntry& entry) {
    std::string body;
    require(entry.read_body([&](std::string_view piece) { body += piece; }));
    return body;
}

void write(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

void check_found(const http::Cache& cache) {
    if (const auto entry = cache.find(request())) {
        require(entry->head().status() == 200);
        require(entry->head().find("ETag") || entry->head().find("Last-Modified"));
        static_cast<void>(body_of(*entry));
        require(!http::conditions(entry->head()).empty());
        require(entry->refreshed(head_of("X-New: 1\n")).find("X-New").has_value());
    }
}

// A directory with one entry and its index.
const Folder& seeded() {
    static const Folder folder;
    static const bool kept = http::Cache(folder.path()).writer(request(), head_of(""))->keep();
    require(kept);
    return folder;
}

// An entry and an index that an attacker wrote completely.
void check_foreign(const std::string& text) {
    static const std::string entry = seeded().file(false);
    static const std::string index = seeded().file(true);
    const http::Cache cache(seeded().path());
    write(index, "");
    write(entry, text);
    check_found(cache);
    write(entry, "hail cache 1\n" + text);
    check_found(cache);
    write(index, text);
    check_found(cache);
}

void check_own(const std::string& text) {
    static const Folder folder;
    const http::Cache cache(folder.path());
    const std::size_t middle = std::min(text.find("\n\n"), text.size());
    const http::ReplyHead head = head_of(text.substr(0, middle));
    const std::string body = text.substr(middle);
    const auto writer = cache.writer(request(), head);
    if (writer == nullptr || head.bytes().size() > 100'000) {
        return;
    }
    writer->add(body);
    require(writer->keep());
    if (const auto entry = cache.find(request())) {
        require(body_of(*entry) == body && entry->head().status() == 200);
    } else {
        require(head.find("Vary").has_value());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    check_foreign(text);
    check_own(text);
    return 0;
}
