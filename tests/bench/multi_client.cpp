// What libcurl alone needs for many POSTs: the yardstick of "hail batch".
//
// Usage:   multi_client URL POSTS CONNECTIONS
// Shape:   a multi handle with that many easy handles, each made once and added again as soon as it is done;
//          the same call in every POST, under the same head as hail's, the reply's bytes counted and dropped.
//          Exit 1 if one of them fails.
// Source:  libcurl-multi(3), docs/examples/10-at-a-time.c.

#include <curl/curl.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view call = R"({"jsonrpc":"2.0","id":1,"method":"add","params":[1,2]})";

std::size_t count_bytes(char* /*data*/, std::size_t size, std::size_t count, void* total) {
    *static_cast<std::size_t*>(total) += size * count;
    return size * count;
}

CURL* make_handle(const char* url, curl_slist* headers, std::size_t& total) {
    CURL* const easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(call.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call.data());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, count_bytes);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &total);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    return easy;
}

// Adds every handle that is done again while there is something to send; the number of those that are done.
std::size_t take_done(CURLM* multi, std::size_t& left) {
    std::size_t done = 0;
    int queued = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi, &queued)) {
        CURL* const easy = message->easy_handle;
        if (message->data.result != CURLE_OK) {
            std::fprintf(stderr, "multi_client: %s\n", curl_easy_strerror(message->data.result));
            std::exit(1);
        }
        ++done;
        curl_multi_remove_handle(multi, easy);
        if (left > 0) {
            --left;
            curl_multi_add_handle(multi, easy);
        }
    }
    return done;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(stderr, "usage: multi_client URL POSTS CONNECTIONS\n");
        return 64;
    }
    std::size_t left = std::strtoul(argv[2], nullptr, 10);
    const std::size_t connections = std::strtoul(argv[3], nullptr, 10);
    std::size_t total = 0;
    curl_slist* headers = nullptr;
    for (const char* const line : {"Content-Type: application/json", "User-Agent: hail/0.1.0",
                                   "Accept: application/json, text/event-stream"}) {
        headers = curl_slist_append(headers, line);
    }
    CURLM* const multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(connections));
    std::vector<CURL*> handles;
    for (; handles.size() < connections && left > 0; --left) {
        handles.push_back(make_handle(argv[1], headers, total));
        curl_multi_add_handle(multi, handles.back());
    }
    for (std::size_t open = handles.size(); open > 0 || left > 0;) {
        int running = 0;
        curl_multi_perform(multi, &running);
        const std::size_t left_before = left;
        const std::size_t done = take_done(multi, left);
        open -= done - (left_before - left);
        if (done == 0) {
            curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
        }
    }
    for (CURL* const easy : handles) {
        curl_easy_cleanup(easy);
    }
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    return total > 0 ? 0 : 1;
}
