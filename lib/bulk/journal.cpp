#include "lib/bulk/journal.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>

#include "lib/base/digest.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/text.h"

namespace hail::bulk {

namespace {

using base::Error;
using base::Exit;

constexpr std::size_t entry_size = 32;
constexpr std::size_t checksum_at = 4;
constexpr std::string_view format = "hail journal 1 ";

std::uint32_t checksum(std::uint32_t begin, std::string_view bytes) {
    const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
    return static_cast<std::uint32_t>(::crc32_z(begin, data, bytes.size()));
}

void append_number(std::string& out, std::uint64_t number, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
        out += static_cast<char>(number >> (8 * i) & 0xFFU);
    }
}

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t number = 0;
    for (std::size_t i = size; i > 0; --i) {
        number = number << 8U | static_cast<unsigned char>(bytes[at + i - 1]);
    }
    return number;
}

[[noreturn]] void throw_write_error(const std::string& path, const std::string& why, std::string hint = {}) {
    throw Error(Exit::output_failed, "writing the journal " + base::one_line(path) + ": " + why,
                std::move(hint));
}

}  // namespace

Journal::Journal(const std::string& path, std::string_view identity, Durability durability)
    : path_(path),
      durability_(durability),
      file_(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0600)) {
    if (!file_) {
        throw_write_error(path_, std::strerror(errno));
    }
    if (::lseek(file_.number(), 0, SEEK_SET) != 0) {
        throw_write_error(path_, "it is not a file");
    }
    if (!base::lock_now(file_)) {
        throw_write_error(path_, "another hail process uses it");
    }
    load(identity);
}

void Journal::load(std::string_view identity) {
    const std::string header =
        std::string(format) + base::hex_digest(base::Digest::Kind::sha256, identity) + "\n";
    std::string begin(header.size(), '\0');
    const ssize_t count = ::read(file_.number(), begin.data(), begin.size());
    if (count < 0) {
        throw_write_error(path_, std::strerror(errno));
    }
    begin.resize(static_cast<std::size_t>(count));
    if (begin != header) {
        // An empty file, or a header that a crash cut off.
        if (!header.starts_with(begin)) {
            const bool is_journal = begin.starts_with(format);
            throw Error(Exit::bad_input,
                        "journal " + base::one_line(path_) + ": it " +
                            (is_journal ? "belongs to another run" : "is not a journal"),
                        is_journal
                            ? "continue with the same address, files and options, or name another journal"
                            : "name another file");
        }
        if (::ftruncate(file_.number(), 0) != 0) {
            throw_write_error(path_, std::strerror(errno));
        }
        buffer_ = header;
        write();
        return;
    }
    off_t valid = static_cast<off_t>(header.size());
    off_t whole = valid;  // before outcomes without the outputs that hold them
    std::string block(entry_size * 2048, '\0');
    for (bool more = true; more;) {
        const ssize_t size = ::pread(file_.number(), block.data(), block.size(), valid);
        const std::string_view bytes(block.data(), static_cast<std::size_t>(size < 0 ? 0 : size));
        std::size_t at = 0;
        for (; at + entry_size <= bytes.size(); at += entry_size) {
            const auto entry = parse(bytes.substr(at, entry_size));
            if (!entry || !may_follow(*entry)) {
                break;
            }
            take(*entry);
            if (settled_.empty()) {
                whole = valid + static_cast<off_t>(at + entry_size);
            }
        }
        valid += static_cast<off_t>(at);
        more = at == block.size();
    }
    settled_.clear();
    // An entry that was not removed would count with the next outputs.
    if (::ftruncate(file_.number(), whole) != 0) {
        throw_write_error(path_, std::strerror(errno));
    }
}

std::optional<Journal::Entry> Journal::parse(std::string_view bytes) {
    std::string others(bytes.substr(0, checksum_at));
    others += bytes.substr(checksum_at + 4);
    if (number_at(bytes, checksum_at, 4) != checksum(0, others)) {
        return std::nullopt;
    }
    Entry entry;
    entry.type = static_cast<Type>(bytes[0]);
    entry.outcome = static_cast<Outcome>(bytes[1]);
    for (std::size_t i = 0; i < entry.numbers.size(); ++i) {
        entry.numbers[i] = number_at(bytes, 8 + 8 * i, 8);
    }
    return is_valid(entry) ? std::optional(entry) : std::nullopt;
}

bool Journal::is_valid(const Entry& entry) {
    switch (entry.type) {
        case Type::sent:
        case Type::left:
        case Type::done:
            return entry.numbers[0] <= entry.numbers[1] && entry.numbers[1] < UINT64_MAX &&
                   static_cast<std::size_t>(entry.outcome) < outcome_count;
        case Type::outputs:
        case Type::read:
        case Type::end:
            return true;
    }
    return false;
}

// Outcomes and the outputs that hold them are written together.
bool Journal::may_follow(const Entry& entry) const {
    return settled_.empty() || entry.type == Type::done || entry.type == Type::outputs;
}

// An entry of an earlier run. Outcomes count only with the outputs that hold them.
void Journal::take(const Entry& entry) {
    const auto [a, b, c] = entry.numbers;
    switch (entry.type) {
        case Type::sent:
            in_flight_.add(a, b);
            break;
        case Type::left:
            in_flight_.remove(a, b);
            break;
        case Type::done:
            settled_.push_back(entry);
            break;
        case Type::outputs:
            outputs_ = {.output = a, .errors = b, .unknown = c};
            for (const Entry& done : settled_) {
                in_flight_.remove(done.numbers[0], done.numbers[1]);
                done_.add(done.numbers[0], done.numbers[1]);
                counts_[static_cast<std::size_t>(done.outcome)] += done.numbers[1] - done.numbers[0] + 1;
            }
            settled_.clear();
            break;
        case Type::read:
            // A continued run that was interrupted early has read less than the run before it.
            if (!last_ || a >= last_->records) {
                last_ = Checkpoint{.records = a, .checksum = static_cast<std::uint32_t>(b)};
            }
            first_ = first_ ? first_ : last_;
            break;
        case Type::end:
            complete_ = true;
            break;
    }
}

Journal::Fate Journal::fate(std::uint64_t index) const {
    if (done_.contains(index)) {
        return Fate::done;
    }
    return in_flight_.contains(index) ? Fate::in_flight : Fate::open;
}

void Journal::read(std::string_view text) {
    ++now_.records;
    // The length keeps texts apart.
    std::string length;
    append_number(length, text.size(), 8);
    now_.checksum = checksum(checksum(now_.checksum, length), text);
    compare(first_);
    compare(last_);
}

void Journal::compare(const std::optional<Checkpoint>& checkpoint) const {
    if (checkpoint && checkpoint->records == now_.records && checkpoint->checksum != now_.checksum) {
        throw Error(Exit::bad_input,
                    "journal " + base::one_line(path_) + ": the input is not that of its run",
                    "continue with the same input, or name another journal");
    }
}

void Journal::end_of_input() const {
    if (last_ && now_.records < last_->records) {
        throw Error(Exit::bad_input,
                    "journal " + base::one_line(path_) + ": the input is shorter than that of its run",
                    "continue with the same input, or name another journal");
    }
}

void Journal::sending(std::uint64_t first, std::uint64_t last) {
    append({.type = Type::sent, .numbers = {first, last, 0}});
    write();
}

void Journal::did_not_run(std::uint64_t first, std::uint64_t last) {
    append({.type = Type::left, .numbers = {first, last, 0}});
    write();
}

void Journal::settled(std::uint64_t index, Outcome outcome) {
    if (!settled_.empty() && settled_.back().outcome == outcome && settled_.back().numbers[1] + 1 == index) {
        settled_.back().numbers[1] = index;
    } else {
        settled_.push_back({.type = Type::done, .outcome = outcome, .numbers = {index, index, 0}});
    }
}

void Journal::commit(const Outputs& outputs) {
    for (const Entry& entry : settled_) {
        append(entry);
    }
    settled_.clear();
    append({.type = Type::outputs, .numbers = {outputs.output, outputs.errors, outputs.unknown}});
    append({.type = Type::read, .numbers = {now_.records, now_.checksum, 0}});
    write();
}

void Journal::complete() {
    append({.type = Type::end});
    write();
}

void Journal::append(const Entry& entry) {
    std::string bytes;
    bytes += static_cast<char>(entry.type);
    bytes += static_cast<char>(entry.outcome);
    append_number(bytes, 0, 2);
    for (const std::uint64_t number : entry.numbers) {
        append_number(bytes, number, 8);
    }
    std::string checked;
    append_number(checked, checksum(0, bytes), 4);
    bytes.insert(checksum_at, checked);
    buffer_ += bytes;
}

void Journal::write() {
    const bool written = base::write_all(file_.number(), buffer_);
    buffer_.clear();
    if (!written || (durability_ == Durability::power && ::fdatasync(file_.number()) != 0)) {
        throw_write_error(path_, std::strerror(errno));
    }
}

}  // namespace hail::bulk
