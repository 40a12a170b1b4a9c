// Download saves the body of a reply to a file, named by the server or by the user. The file appears only
// when it is complete, and a partial download can be resumed.
//
// Shape:   bytes go to NAME.part, which becomes NAME when they are complete. A name that the server chose
//          never replaces a file; one that the user chose does, as with -o. For resuming, NAME.part.tag keeps
//          the reply's validator: If-Range then makes sure that both halves belong to the same version. A
//          finished file keeps its validator too, and is not fetched again. A reply that is not a success
//          goes to `other`.
// Throws:  Error(output_failed); Error(bad_reply) for a wrong SHA-256, or for a range that does not fit even
//          after a restart; Error(unknown) for a body that is incomplete, or may be.
// Source:  RFC 9110 13.1.5 (If-Range), 14.4, 15.3.7, 15.5.17.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/owned.h"
#include "lib/http/engine.h"
#include "lib/http/message.h"
#include "lib/rest/part_tag.h"
#include "lib/rest/reply.h"
#include "lib/rest/resumption.h"
#include "lib/rest/sink.h"

namespace hail::rest {

struct DownloadOptions {
    std::string file;  // empty: the server's name
    bool resume = false;
    std::string sha256;  // 64 hexadecimal digits; empty: not checked
};

class Download : public http::Receiver {
  public:
    Download(Sink& sink, DownloadOptions options, http::Receiver& other)
        : sink_(sink), options_(std::move(options)), other_(other) {}

    // Asks for the bytes without a content coding, and if possible only for the missing ones. Refuses a
    // folder that cannot be written before anything is sent.
    void prepare(http::Request& request);

    // Sends the prepared request, and once more if the reply shows that it should have asked for other bytes.
    http::CallResult fetch(const Send& send, http::Request request);

    void head(const http::ReplyHead& head) override;
    void body(std::string_view bytes) override;

    // Continues after the bytes in the part, or restarts if their reply had no validator.
    bool resume(http::Request& request) override;

    // True: the file was saved. False: the exchange failed, or its reply was not one to save.
    bool finish(const http::Result& result);

  private:
    enum class State { waiting, writing, there_already, finished_before, elsewhere };
    enum class Content { kept, dropped };  // of an existing part
    struct NotNeeded {};                   // thrown by head(): the rest of the reply

    void find_kept();
    void find_part();
    void choose_name(const http::ReplyHead& head);
    bool is_finished(const std::string& name, const http::ReplyHead& head) const;
    void begin(const http::ReplyHead& head);
    void follow(const Continuation& rest);
    void start_again(const std::string& why);
    void open(Content content);
    void keep_tag(std::string tag);
    std::string command_to_go_on() const;
    void check_size() const;
    void check_digest(int descriptor, const std::string& place);
    void report_finished();
    bool drop_same_bytes();
    void rename();

    Sink& sink_;
    DownloadOptions options_;
    http::Receiver& other_;
    std::string url_;     // as typed: it names the file if the server does not
    std::string wanted_;  // the name before a number was added to it
    std::string name_;
    std::string tag_;  // the validator of the bytes in the part
    Kept kept_;        // before this reply
    base::Descriptor file_;
    std::uint64_t size_ = 0;  // of the part
    std::optional<std::uint64_t> whole_;
    bool endless_ = false;        // a range whose reply does not give the total size
    bool asks_again_ = false;     // the next request is another one
    bool started_again_ = false;  // since a reply did not fit
    State state_ = State::waiting;
};

}  // namespace hail::rest
