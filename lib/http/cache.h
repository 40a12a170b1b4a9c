// Replies that are kept, and used again only after the server said that they still hold.
//
// Shape:   a private folder. An entry's name is a hash of the URL, of everything that says who asks
//          (credentials, cookies, headers of secrets), and of the values that the reply's Vary names; its
//          bytes are the head, then the body, decoded. The way to the server is part of the name too: another
//          socket or proxy may lead to another server. Nothing is fresh by itself: every use is a question
//          with If-None-Match or If-Modified-Since. Only GET, only 200, only with a validator, never with
//          no-store or Vary: *.
// Safety:  entries are written beside their place and renamed, so that several processes may share a folder;
//          what is cut short or of another version is no entry.
// Throws:  nothing for what cannot be read; CacheWriter nothing for what cannot be written: it says so.
// Source:  RFC 9111 3 (storing), 4.1 (Vary), 4.3 (validation).

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/file.h"
#include "lib/base/owned.h"
#include "lib/http/message.h"

namespace hail::http {

// A kept reply.
class CacheEntry {
  public:
    const ReplyHead& head() const { return head_; }

    // The head with what a 304 says anew.
    ReplyHead refreshed(const ReplyHead& not_modified) const;

    // The body in pieces; false if it could not be read to its end.
    bool read_body(const std::function<void(std::string_view)>& take) const;

  private:
    friend class Cache;

    base::Descriptor file_;
    ReplyHead head_;
    std::uint64_t begin_ = 0;  // of the body, in the file
    std::uint64_t size_ = 0;
};

// A reply on its way into the cache. Unless keep() is called, nothing of it stays.
class CacheWriter {
  public:
    CacheWriter(const std::string& folder, std::string index, std::string vary, std::string entry,
                const ReplyHead& head);
    CacheWriter(const CacheWriter&) = delete;
    CacheWriter& operator=(const CacheWriter&) = delete;

    void add(std::string_view bytes);
    bool keep();  // the body is whole; false: it could not be written

  private:
    base::TemporaryFile file_;
    std::string index_;  // where Vary is kept
    std::string vary_;
    std::string entry_;
    std::uint64_t size_ = 0;
    bool whole_ = true;  // everything was written so far
};

class Cache {
  public:
    // The route is a text that is another one whenever the same URL leads elsewhere.
    explicit Cache(std::string folder, std::string route = {})
        : folder_(std::move(folder)), route_(std::move(route)) {}

    // What was kept for such a request; the caller adds conditions() and asks.
    std::optional<CacheEntry> find(const Request& request) const;

    // None: this reply must not be kept.
    std::unique_ptr<CacheWriter> writer(const Request& request, const ReplyHead& head) const;

  private:
    std::string place_of(const Request& request) const;

    std::string folder_;
    std::string route_;
};

// Whether a request may be answered from a cache at all.
bool is_cacheable(const Request& request);

// If-None-Match, or If-Modified-Since.
std::vector<Header> conditions(const ReplyHead& kept);

// Whether a 304 speaks of what is kept: one with another ETag speaks of another reply. RFC 9111 4.3.4.
bool validates(const ReplyHead& not_modified, const ReplyHead& kept);

}  // namespace hail::http
