#include "lib/rest/reply.h"

#include <string_view>
#include <utility>

namespace hail::rest {

namespace {

class Body : public http::Receiver {
  public:
    void head(const http::ReplyHead& /*head*/) override {}
    void body(std::string_view bytes) override { bytes_ += bytes; }
    bool resume(http::Request& /*request*/) override {
        bytes_.clear();
        return true;
    }

    std::string take() { return std::move(bytes_); }

  private:
    std::string bytes_;
};

}  // namespace

Reply fetch(const Send& send, const http::Request& request, base::Deadline deadline) {
    Body body;
    http::CallResult call = send(request, body, deadline);
    return {std::move(call), body.take()};
}

}  // namespace hail::rest
