#include "tests/support/misbehaviour.h"

#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>
#include <utility>

namespace hail::support {

namespace {

struct Call {
    std::size_t name = 0;
    std::string id;  // on the wire
};

std::string digits_after(std::string_view text, std::string_view key) {
    const std::size_t at = text.find(key);
    if (at == text.npos) {
        throw std::runtime_error("the peer got something else than the calls of the test: " +
                                 std::string(text.substr(0, 200)));
    }
    const std::size_t begin = at + key.size();
    return std::string(text.substr(begin, text.find_first_not_of("0123456789", begin) - begin));
}

std::vector<Call> calls_in(std::string_view body) {
    std::vector<Call> calls;
    for (std::size_t at = body.find('{'); at != body.npos; at = body.find('{', at)) {
        const std::size_t end = body.find('}', at);
        const std::string_view call = body.substr(at, end - at);
        calls.push_back({std::stoul(digits_after(call, "\"params\":[")), digits_after(call, "\"id\":")});
        at = end;
    }
    return calls;
}

std::string http(const std::string& status, const std::string& body, const std::string& fields = {}) {
    return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

std::string error(const std::string& id, int code, const std::string& message, const std::string& more = {}) {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"error":{"code":)" + std::to_string(code) +
           R"(,"message":")" + message + "\"" + more + "}}";
}

std::string chunked(const std::string& body, const std::string& end) {
    std::array<char, 20> size{};
    std::snprintf(size.data(), size.size(), "%zx\r\n", body.size());
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(size.data()) + body + end;
}

constexpr const char* page = "<html><body>\r\nthis is no JSON\r\n</body></html>";

// One POST.
class Post {
  public:
    Post(const PeerHabits& habits, std::string_view body, std::uint32_t seed)
        : habits_(habits), is_batch_(body.starts_with('[')), calls_(calls_in(body)), random_(seed) {}

    Treatment treat();

  private:
    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
    bool refuse();
    void refuse_for_rate();
    void break_off();
    std::string execute();
    std::string reply_to(const Call& call);
    std::string body_of(std::vector<std::string> replies);

    const PeerHabits& habits_;
    bool is_batch_;
    std::vector<Call> calls_;
    std::mt19937 random_;
    Treatment treatment_;
};

Treatment Post::treat() {
    if (refuse()) {
        return std::move(treatment_);
    }
    if (below(1000) >= habits_.faults) {
        treatment_.reply = below(4) == 0 ? chunked(execute(), "\r\n0\r\n\r\n") : http("200 OK", execute());
        return std::move(treatment_);
    }
    switch (below(9)) {
        case 0:
            refuse_for_rate();
            break;
        case 1:
            execute();
            treatment_.reply = http(below(2) == 0 ? "503 Service Unavailable" : "500 Oops", page);
            break;
        case 2:
            treatment_.reply = http("200 OK", execute());
            treatment_.late = true;
            break;
        case 3:  // on a kept connection, the client may be writing its next request
            treatment_.reply = http("200 OK", execute());
            treatment_.then = below(2) == 0 ? Treatment::Then::finish : Treatment::Then::reset;
            break;
        default:
            break_off();
    }
    return std::move(treatment_);
}

// A batch that is too large. Nothing runs.
bool Post::refuse() {
    if (habits_.batch_limit == 0 || calls_.size() <= habits_.batch_limit) {
        return false;
    }
    const std::string limit = std::to_string(habits_.batch_limit);
    switch (below(habits_.batch_limit == 1 ? 8 : 7)) {
        case 0:
            treatment_.reply = http("200 OK", error("null", -32600, "Invalid Request"));
            break;
        case 1:
            treatment_.reply = http("200 OK", "[" + error(calls_[0].id, -32600, "batch too large") + "]");
            break;
        case 2:
            treatment_.reply = http("413 Content Too Large", page);
            break;
        case 3:
            treatment_.reply = http("200 OK", error("null", -32000, "batch limit " + limit + " exceeded"));
            break;
        case 4:
            treatment_.reply = http("400 Bad Request", page);
            break;
        case 5:
            treatment_.reply = http("200 OK", "[" + error("null", -32010, "Batch is too big") + "]");
            break;
        case 6:
            treatment_.reply = http("500 Oops", error("null", -32600, "too many requests in batch"));
            break;
        default:
            treatment_.reply = http("200 OK", error("null", -32005, "batch requests are not supported"));
    }
    return true;
}

void Post::refuse_for_rate() {
    const std::string body = error(is_batch_ ? "null" : calls_[0].id, -32005, "rate limit exceeded",
                                   R"(,"data":{"backoff_seconds":0})");
    treatment_.reply = below(2) == 0 ? http("429 Too Many Requests", page, "Retry-After: 0\r\n")
                                     : http("429 Too Many Requests", body, "Retry-After: 0\r\n");
}

// Before or after the calls ran, and somewhere in the reply.
void Post::break_off() {
    if (below(4) == 0) {
        treatment_.then = Treatment::Then::reset;
        return;
    }
    const std::string body = execute();
    const std::string whole = below(2) == 0 ? http("200 OK", body) : chunked(body, "\r\n0\r\n\r\n");
    treatment_.reply =
        below(3) == 0 ? std::string() : whole.substr(0, below(static_cast<std::uint32_t>(whole.size())));
    const std::uint32_t how = below(40);
    treatment_.then = habits_.stalls && how == 0 ? Treatment::Then::stall
                      : how < 20                 ? Treatment::Then::finish
                                                 : Treatment::Then::reset;
}

// Executes the calls, and gives the body of the reply.
std::string Post::execute() {
    std::vector<std::string> replies;
    bool full = false;  // as geth: the rest of the batch does not run
    for (const Call& call : calls_) {
        if (full) {
            replies.push_back(error(call.id, -32003, "response too large"));
            continue;
        }
        full = is_batch_ && below(1000) * 20 < habits_.bad_items;
        replies.push_back(reply_to(call));
    }
    return body_of(std::move(replies));
}

// Empty: it gets none.
std::string Post::reply_to(const Call& call) {
    const std::string name = std::to_string(call.name);
    if (below(1000) >= habits_.bad_items) {
        treatment_.executed.push_back(call.name);
        return R"({"jsonrpc":"2.0","id":)" + call.id + R"(,"result":)" + name + "}";
    }
    const std::uint32_t choice = below(7);
    if (choice == 0) {
        return error(call.id, 429, "too many requests", R"(,"data":{"backoff_seconds":0})");
    }
    treatment_.executed.push_back(call.name);
    switch (choice) {
        case 1:
            return error(call.id, -32000, "execution reverted");
        case 2:
            return is_batch_ ? error(call.id, -32002, "request timed out") : error(call.id, -32602, "bad");
        case 3:
            return R"({"jsonrpc":"2.0","id":")" + call.id + R"(","result":)" + name + "}";
        case 4: {
            const std::string reply = R"({"id":)" + call.id + R"(,"result":)" + name + R"(,"error":null})";
            return is_batch_ ? reply + "," + error(call.id, 1, "a second reply") : reply;
        }
        case 5:
            return is_batch_ ? std::string() : error(call.id, -32603, "internal");
        default:
            return is_batch_ ? R"({"jsonrpc":"2.0","id":4000000000,"result":"a reply to nobody"})"
                             : error(call.id, -32000, "result out of range");
    }
}

std::string Post::body_of(std::vector<std::string> replies) {
    replies.erase(std::remove(replies.begin(), replies.end(), std::string()), replies.end());
    if (!is_batch_) {
        return replies.empty() ? std::string() : replies.front();
    }
    if (below(3) == 0) {
        std::shuffle(replies.begin(), replies.end(), random_);
    }
    std::string all;
    for (const std::string& reply : replies) {
        all += (all.empty() ? "[" : ",") + reply;
    }
    return all.empty() ? "[]" : all + "]";
}

}  // namespace

std::size_t first_call(std::string_view body) {
    return std::stoul(digits_after(body, "\"params\":["));
}

Treatment treat(const PeerHabits& habits, std::string_view body, std::size_t times) {
    constexpr std::uint32_t mix = 2654435761U;
    const auto first = static_cast<std::uint32_t>(first_call(body));
    const auto attempt = static_cast<std::uint32_t>(times);
    return Post(habits, body, ((habits.seed * mix + first) * mix + attempt) * mix).treat();
}

}  // namespace hail::support
