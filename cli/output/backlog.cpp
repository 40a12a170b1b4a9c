#include "cli/output/backlog.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::cli::output {

namespace {

using base::Error;
using base::Exit;

[[noreturn]] void fail(const char* doing, const std::string& folder) {
    throw Error(Exit::output_failed,
                std::string(doing) + " the spool in " + folder + ": " + std::strerror(errno),
                "name another folder with TMPDIR, or see --overflow");
}

// Not every file system has files without a name; elsewhere the name is removed at once.
base::Descriptor open_spool(const std::string& folder) {
    base::Descriptor file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!file) {
        std::string name = folder + "/hail.XXXXXX";
        file = base::Descriptor(::mkostemp(name.data(), O_CLOEXEC));
        if (!file) {
            fail("opening", folder);
        }
        ::unlink(name.c_str());
    }
    return file;
}

}  // namespace

void Backlog::add(std::string_view record) {
    if (in_memory() + record.size() > most_ || written_ > read_) {
        switch (overflow_) {
            case Overflow::spool:
                if (!empty()) {
                    spool(record);
                    return;
                }
                break;  // one record that is larger than the queue
            case Overflow::drop_oldest:
                drop_for(record.size());
                break;
            case Overflow::stop:
                if (!empty()) {
                    throw Error(Exit::unknown,
                                "writing the messages: the reader of the output is too slow, the queue of " +
                                    std::to_string(most_) + " bytes is full; later messages are lost",
                                "read faster, allow more with --queue, or choose --overflow spool");
                }
                break;
        }
    }
    memory_.append(record);
    if (overflow_ == Overflow::drop_oldest) {
        ends_.push_back(memory_.total());
    }
}

// The first record may be partly written: its rest must come before anything else.
void Backlog::drop_for(std::size_t size) {
    while (!ends_.empty() && in_memory() + size > most_) {
        const std::size_t rest = ends_.front() - memory_.consumed();
        if (memory_.consumed() > begin_) {
            while (cut_.size() < rest) {
                const std::string_view piece = memory_.front().substr(0, rest - cut_.size());
                cut_ += piece;
                memory_.consume(piece.size());
            }
        } else {
            memory_.consume(rest);
            ++dropped_;
        }
        begin_ = ends_.front();
        ends_.pop_front();
    }
}

void Backlog::consume(std::size_t size) {
    if (!cut_.empty()) {
        cut_.erase(0, size);
        return;
    }
    memory_.consume(size);
    if (overflow_ == Overflow::drop_oldest) {
        while (!ends_.empty() && ends_.front() <= memory_.consumed()) {
            begin_ = ends_.front();
            ends_.pop_front();
        }
    }
    if (written_ > read_ && memory_.pending() < net::OutBlocks::block_size) {
        refill();
    }
}

void Backlog::spool(std::string_view record) {
    if (!file_) {
        file_ = open_spool(folder_);
    }
    while (!record.empty()) {
        const ssize_t count =
            ::pwrite(file_.number(), record.data(), record.size(), static_cast<off_t>(written_));
        if (count < 0 && errno != EINTR) {
            fail("writing", folder_);
        }
        if (count > 0) {
            record.remove_prefix(static_cast<std::size_t>(count));
            written_ += static_cast<std::uint64_t>(count);
        }
    }
}

void Backlog::refill() {
    while (written_ > read_ &&
           memory_.pending() < std::min(most_, std::size_t{16} * net::OutBlocks::block_size)) {
        const std::size_t size = std::min<std::uint64_t>(written_ - read_, net::OutBlocks::block_size);
        char* const to = memory_.reserve(size);
        const ssize_t count = ::pread(file_.number(), to, size, static_cast<off_t>(read_));
        if (count == 0 || (count < 0 && errno != EINTR)) {
            fail("reading", folder_);
        }
        if (count > 0) {
            memory_.commit(static_cast<std::size_t>(count));
            read_ += static_cast<std::uint64_t>(count);
        }
    }
    if (read_ == written_) {
        read_ = written_ = 0;
        static_cast<void>(::ftruncate(file_.number(), 0));
    }
}

}  // namespace hail::cli::output
