#include "lib/rest/part_tag.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "lib/base/digest.h"
#include "lib/base/file.h"
#include "lib/base/output_path.h"
#include "lib/base/part_file.h"
#include "lib/base/text.h"

namespace hail::rest {

namespace {

constexpr const char* attribute = "user.hail.download";

PartTag parse_tag(std::string_view& text) {
    PartTag tag;
    tag.validator = base::take_until(text, '\n');
    tag.source = base::take_until(text, '\n');
    tag.size = base::parse_number(base::take_until(text, '\n'));
    return tag;
}

std::string lines_of(const PartTag& tag) {
    return tag.validator + "\n" + tag.source + "\n" + (tag.size ? std::to_string(*tag.size) + "\n" : "");
}

std::string change_of(const struct stat& facts) {
    return std::to_string(facts.st_mtim.tv_sec) + "." + std::to_string(facts.st_mtim.tv_nsec);
}

}  // namespace

std::string tag_file_of(const std::string& file) {
    return base::part_of(file) + ".tag";
}

PartTag read_tag(const std::string& file) {
    const base::Descriptor descriptor(
        ::open(tag_file_of(file).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    std::array<char, 16UL * 1024> buffer{};
    const ssize_t length = descriptor ? ::read(descriptor.number(), buffer.data(), buffer.size()) : -1;
    std::string_view text(buffer.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    return parse_tag(text);
}

void write_tag(const std::string& file, const PartTag& tag) {
    const std::string path = tag_file_of(file);
    ::unlink(path.c_str());
    const base::Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!descriptor || !base::write_all(descriptor.number(), lines_of(tag))) {
        base::throw_output_error("writing", path);
    }
}

void mark_finished(int descriptor, const PartTag& tag) {
    struct stat facts {};
    if (tag.validator.empty() || !tag.size || ::fstat(descriptor, &facts) != 0) {
        ::fremovexattr(descriptor, attribute);
        return;
    }
    const std::string text = lines_of(tag) + change_of(facts);
    ::fsetxattr(descriptor, attribute, text.data(), text.size(), 0);
}

PartTag read_finished(const std::string& file) {
    std::array<char, 16UL * 1024> buffer{};
    struct stat facts {};
    const ssize_t length = ::getxattr(file.c_str(), attribute, buffer.data(), buffer.size());
    if (length <= 0 || ::stat(file.c_str(), &facts) != 0) {
        return {};
    }
    std::string_view text(buffer.data(), static_cast<std::size_t>(length));
    const PartTag tag = parse_tag(text);
    const bool unchanged = tag.size == static_cast<std::uint64_t>(facts.st_size) && text == change_of(facts);
    return unchanged ? tag : PartTag();
}

std::string source_of(std::string_view url) {
    return base::hex_digest(base::Digest::Kind::sha256, url.substr(0, url.find_first_of("?#")));
}

}  // namespace hail::rest
