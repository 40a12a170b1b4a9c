// Each line of the input is an item. It is rejected with a usage error that has its number; or its key
// survives being typed again, and the body is JSON.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/input/assemble.h"
#include "cli/input/items.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "tests/fuzz/require.h"

using namespace hail;
using namespace hail::cli::input;

namespace {

void require_whole(const RequestParts& parts) {
    require(parts.body != RequestParts::Body::json || json::is_json(parts.json));
    for (const http::Header& header : parts.headers.lines) {
        require(!header.name.empty());
        require((header.name + header.value).find_first_of("\r\n") == std::string::npos);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string rest(data, data + size);
    std::vector<std::string> words;
    while (!rest.empty() && words.size() < 20) {
        words.push_back(rest.substr(0, rest.find('\n')));
        rest.erase(0, words.back().size() + 1);
    }
    for (const BodyMode mode : {BodyMode::json, BodyMode::form, BodyMode::multipart}) {
        try {
            std::vector<Item> items = parse_items(words);
            std::erase_if(items, [](const Item& item) {  // no file is read here
                return item.source == Item::Source::file && item.kind != ItemKind::file;
            });
            for (const Item& item : items) {
                require(typed_key(item).size() <= item.typed.size());
                require(typed_offset(item, item.key.size()) == typed_key(item).size());
            }
            require_whole(assemble(items, mode));
        } catch (const base::Error& error) {
            require(error.exit() == base::Exit::usage);
            require(std::string(error.what()).starts_with("item "));
            require(base::one_line(error.what(), 100'000) == error.what());
        }
    }
    return 0;
}
