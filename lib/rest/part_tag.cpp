#include "lib/rest/part_tag.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "lib/base/digest.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/part_file.h"
#include "lib/base/text.h"

namespace hail::rest {

std::string tag_file_of(const std::string& file) {
    return base::part_of(file) + ".tag";
}

PartTag read_tag(const std::string& file) {
    const base::Descriptor descriptor(
        ::open(tag_file_of(file).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    std::array<char, 16UL * 1024> buffer{};
    const ssize_t length = descriptor ? ::read(descriptor.number(), buffer.data(), buffer.size()) : -1;
    const std::string_view text(buffer.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view rest = text.substr(std::min(end + 1, text.size()));
    return {std::string(text.substr(0, end)), std::string(rest.substr(0, rest.find('\n')))};
}

void write_tag(const std::string& file, const PartTag& tag) {
    const std::string path = tag_file_of(file);
    ::unlink(path.c_str());
    const base::Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    const std::string lines = tag.validator + "\n" + tag.source + "\n";
    if (!descriptor || !base::write_all(descriptor.number(), lines)) {
        throw base::Error(base::Exit::output_failed,
                          "writing " + base::one_line(path) + ": " + std::strerror(errno));
    }
}

std::string source_of(std::string_view url) {
    return base::hex_digest(base::Digest::Kind::sha256, url.substr(0, url.find_first_of("?#")));
}

}  // namespace hail::rest
