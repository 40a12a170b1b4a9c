#include "lib/http/cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/digest.h"
#include "lib/base/file.h"
#include "lib/base/text.h"
#include "lib/http/field.h"
#include "lib/http/secrets.h"

namespace hail::http {

namespace {

constexpr std::string_view format_line = "hail cache 1\n";

std::string hash(std::string_view text) {
    return base::hex_digest(base::Digest::Kind::sha256, text).substr(0, 40);
}

std::string all_values(const std::vector<Header>& headers, std::string_view name) {
    std::string out;
    for (const Header& header : headers) {
        if (base::equal_ignoring_case(header.name, name)) {
            out += header.value + "\n";
        }
    }
    return out;
}

// Identifies the URL, the route and the user.
std::string primary_key(const Request& request, const std::string& route) {
    std::string text = request.url + "\n" + route + "\n";
    for (const Header& header : request.headers) {
        if (is_secret(header.name)) {
            text += base::lower(header.name) + ":" + header.value + "\n";
        }
    }
    const Credentials& who = request.credentials;
    text += std::to_string(static_cast<int>(who.kind)) + ":" + std::to_string(who.user.size()) + ":" +
            who.user + who.secret;
    return hash(text);
}

// Identifies the request's values of the headers that a Vary names.
std::string variant_key(const Request& request, std::string_view vary) {
    std::string text;
    FieldReader reader(vary);
    while (!reader.at_end()) {
        const std::string name = base::lower(base::trim(reader.until(",")));
        reader.take(',');
        text += name + "=" + all_values(request.headers, name) + "\n";
    }
    return hash(text);
}

std::string joined(const ReplyHead& head, std::string_view name) {
    std::vector<std::string_view> values;
    for (const auto& field : head.fields()) {
        if (base::equal_ignoring_case(field.name, name)) {
            values.push_back(field.value);
        }
    }
    return base::join(values, ", ");
}

bool may_be_kept(const ReplyHead& head) {
    const bool validator = head.find("ETag") || head.find("Last-Modified");
    return head.status() == 200 && validator && !lists(joined(head, "Cache-Control"), "no-store") &&
           !lists(joined(head, "Vary"), "*");
}

// True if a header belongs to one exchange, not to the reply that is kept.
bool is_per_exchange(std::string_view name) {
    static constexpr std::array<std::string_view, 6> names{
        "Set-Cookie", "Connection", "Keep-Alive", "Trailer", "Transfer-Encoding", "Proxy-Authenticate"};
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view one) { return base::equal_ignoring_case(one, name); });
}

void add_field(ReplyHead& head, std::string_view name, std::string_view value) {
    head.add_line(std::string(name) + ": " + std::string(value));
}

ReplyHead head_to_keep(const ReplyHead& head) {
    ReplyHead out;
    out.add_line(head.bytes().substr(0, head.bytes().find('\r')));
    for (const auto& [name, value] : head.fields()) {
        if (!is_per_exchange(name)) {
            add_field(out, name, value);
        }
    }
    out.add_line("");
    return out;
}

std::string read_all(int descriptor, std::size_t most) {
    std::string text(most, '\0');
    const ssize_t count = ::pread(descriptor, text.data(), text.size(), 0);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
}

base::TemporaryFile make_temporary(const std::string& folder) {
    base::make_private_folder(folder);
    return base::TemporaryFile(folder + "/new");
}

// The width is fixed, so that the line can be overwritten once the body has arrived.
std::string sizes(std::size_t head, std::uint64_t body) {
    const auto padded = [](const std::string& number) {
        return std::string(20 - number.size(), '0') + number;
    };
    return padded(std::to_string(head)) + " " + padded(std::to_string(body)) + "\n";
}

constexpr std::size_t sizes_length = 42;

}  // namespace

bool is_cacheable(const Request& request) {
    static constexpr std::array<std::string_view, 6> conditional{
        "Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"};
    const bool plain = std::none_of(conditional.begin(), conditional.end(), [&](std::string_view name) {
        return find(request.headers, name) != nullptr;
    });
    return request.method == "GET" && !request.body && !request.stream && plain &&
           !lists(all_values(request.headers, "Cache-Control"), "no-store");
}

std::vector<Header> conditions(const ReplyHead& kept) {
    if (const auto tag = kept.find("ETag")) {
        return {{"If-None-Match", std::string(*tag)}};
    }
    return {{"If-Modified-Since", std::string(kept.find("Last-Modified").value_or(""))}};
}

bool validates(const ReplyHead& not_modified, const ReplyHead& kept) {
    const auto opaque = [](std::string_view tag) { return tag.substr(tag.starts_with("W/") ? 2 : 0); };
    const auto said = not_modified.find("ETag");
    const auto ours = kept.find("ETag");
    return !said || !ours || opaque(*said) == opaque(*ours);
}

std::string Cache::place_of(const Request& request) const {
    return folder_ + "/" + primary_key(request, route_);
}

std::optional<CacheEntry> Cache::find(const Request& request) const {
    const std::string primary = place_of(request);
    const base::Descriptor index(::open((primary + ".vary").c_str(), O_RDONLY | O_CLOEXEC));
    if (!is_cacheable(request) || !index) {
        return std::nullopt;
    }
    CacheEntry entry;
    const std::string vary = read_all(index.number(), 8192);
    entry.file_ =
        base::Descriptor(::open((primary + "-" + variant_key(request, vary)).c_str(), O_RDONLY | O_CLOEXEC));
    struct stat facts {};
    if (!entry.file_ || ::fstat(entry.file_.number(), &facts) != 0) {
        return std::nullopt;
    }
    const std::string text = read_all(entry.file_.number(), 1 << 18);
    const std::size_t begin = format_line.size() + sizes_length;
    if (!text.starts_with(format_line) || text.size() < begin) {
        return std::nullopt;
    }
    const auto head = base::parse_number(std::string_view(text).substr(format_line.size(), 20));
    const auto body = base::parse_number(std::string_view(text).substr(format_line.size() + 21, 20));
    const auto file_size = static_cast<std::uint64_t>(facts.st_size);
    if (!head || !body || *head > text.size() - begin || file_size < begin + *head ||
        *body != file_size - begin - *head) {
        return std::nullopt;
    }
    for (std::size_t at = begin; at < begin + *head;) {
        const std::size_t end = std::min(text.find('\n', at), begin + *head - 1) + 1;
        entry.head_.add_line(std::string_view(text).substr(at, end - at));
        at = end;
    }
    entry.begin_ = begin + *head;
    entry.size_ = *body;
    return may_be_kept(entry.head_) ? std::optional(std::move(entry)) : std::nullopt;
}

std::unique_ptr<CacheWriter> Cache::writer(const Request& request, const ReplyHead& head) const {
    if (!is_cacheable(request) || !may_be_kept(head)) {
        return nullptr;
    }
    const std::string vary = joined(head, "Vary");
    const std::string primary = place_of(request);
    return std::make_unique<CacheWriter>(folder_, primary + ".vary", vary,
                                         primary + "-" + variant_key(request, vary), head);
}

// --- an entry
// -------------------------------------------------------------------------------------------------------

ReplyHead CacheEntry::refreshed(const ReplyHead& not_modified) const {
    // A 304 describes the reply, but not the form of its body.
    const auto is_new = [&](std::string_view name) {
        return not_modified.find(name) && base::lower(name.substr(0, 8)) != "content-";
    };
    ReplyHead out;
    out.add_line(head_.bytes().substr(0, head_.bytes().find('\r')));
    for (const auto& [name, value] : head_.fields()) {
        if (!is_new(name)) {
            add_field(out, name, value);
        }
    }
    for (const auto& [name, value] : not_modified.fields()) {
        if (is_new(name) && !is_per_exchange(name)) {
            add_field(out, name, value);
        }
    }
    out.add_line("");
    return out;
}

bool CacheEntry::read_body(const std::function<void(std::string_view)>& take) const {
    std::string block(64 * 1024, '\0');
    std::uint64_t left = size_;
    auto at = static_cast<off_t>(begin_);
    while (left > 0) {
        const ssize_t count = ::pread(file_.number(), block.data(), block.size(), at);
        if (count <= 0) {
            return false;
        }
        const auto got = std::min<std::uint64_t>(static_cast<std::uint64_t>(count), left);
        take(std::string_view(block).substr(0, static_cast<std::size_t>(got)));
        at += static_cast<off_t>(got);
        left -= got;
    }
    return true;
}

// --- writing
// --------------------------------------------------------------------------------------------------------

CacheWriter::CacheWriter(const std::string& folder, std::string index, std::string vary, std::string entry,
                         const ReplyHead& head)
    : file_(make_temporary(folder)),
      index_(std::move(index)),
      vary_(std::move(vary)),
      entry_(std::move(entry)) {
    const ReplyHead kept = head_to_keep(head);
    whole_ = static_cast<bool>(file_) &&
             base::write_all(file_.number(), std::string(format_line) + sizes(kept.bytes().size(), 0)) &&
             base::write_all(file_.number(), kept.bytes());
}

void CacheWriter::add(std::string_view bytes) {
    whole_ = whole_ && base::write_all(file_.number(), bytes);
    size_ += bytes.size();
}

bool CacheWriter::keep() {
    const std::string body = sizes(0, size_).substr(21);
    whole_ =
        whole_ && ::pwrite(file_.number(), body.data(), body.size(),
                           static_cast<off_t>(format_line.size() + 21)) == static_cast<ssize_t>(body.size());
    // The entry comes first. An index without its entry counts as a miss, as does an entry without an index.
    whole_ = whole_ && file_.rename_to(entry_);
    if (!whole_) {
        return false;
    }
    base::TemporaryFile index = make_temporary(base::folder_of(index_));
    return index && base::write_all(index.number(), vary_) && index.rename_to(index_);
}

}  // namespace hail::http
