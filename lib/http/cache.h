// Cache: stores replies and uses them again only after the server has confirmed that they are still valid.
//
// Shape:   a private folder. An entry's name is a hash of the URL, of everything that identifies the user
//          (credentials, cookies, secret headers), of the route to the server (another socket or proxy may
//          lead to another server), and of the request's values of the headers in the reply's Vary; its bytes
//          are the head, then the body, decoded. No entry is used without asking: every use is a request with
//          If-None-Match or If-Modified-Since. Only GET, only 200, only with a validator, never with no-store
//          or Vary: *.
// Safety:  an entry is written to a temporary file in the same folder and then renamed, so that several
//          processes may share the folder; a truncated entry, or one of another version, counts as missing.
// Throws:  nothing. An entry that cannot be read counts as missing; if it cannot be written, CacheWriter says
//          so.
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

    // The head, updated with the fields of a 304.
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

// A reply on its way into the cache. Unless keep() is called, none of it is stored.
class CacheWriter {
  public:
    CacheWriter(const std::string& folder, std::string index, std::string vary, std::string entry,
                const ReplyHead& head);
    CacheWriter(const CacheWriter&) = delete;
    CacheWriter& operator=(const CacheWriter&) = delete;

    void add(std::string_view bytes);
    bool keep();  // the body is complete; false: the reply could not be written

  private:
    base::TemporaryFile file_;
    std::string index_;  // the file that holds the Vary
    std::string vary_;
    std::string entry_;
    std::uint64_t size_ = 0;
    bool whole_ = true;  // everything so far was written
};

class Cache {
  public:
    // The route is a text that differs whenever the same URL leads to another server.
    explicit Cache(std::string folder, std::string route = {})
        : folder_(std::move(folder)), route_(std::move(route)) {}

    // The reply kept for this request; the caller adds conditions() and asks the server.
    std::optional<CacheEntry> find(const Request& request) const;

    // Null: this reply must not be kept.
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

// Whether a 304 confirms the kept reply: one with another ETag is about another reply. RFC 9111 4.3.4.
bool validates(const ReplyHead& not_modified, const ReplyHead& kept);

}  // namespace hail::http
