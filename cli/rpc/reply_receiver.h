// ReplyReceiver: a receiver that reads the reply to one JSON-RPC call as it arrives.
//
// Shape:   the body decides, not its content type: a stream of events is read event by event; the exchange
//          ends as soon as the reply has arrived. Messages before the reply are shown on stderr. A reply is
//          kept whole, up to a limit in bytes; with Results::streamed a large result goes to the console
//          instead, as it comes.
// Throws:  body() Error(bad_reply) above the limit, and whatever Console::write() throws.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/output/console.h"
#include "cli/output/json_printer.h"
#include "lib/http/message.h"
#include "lib/rpc/event_reply.h"
#include "lib/rpc/reply.h"
#include "lib/rpc/result_stream.h"

namespace hail::cli::rpc {

enum class Results { kept, streamed };

class ReplyReceiver : public http::Receiver {
  public:
    // The id is JSON bytes; empty: a notification.
    ReplyReceiver(std::string id, std::uint64_t max_reply, Results results, output::Console& console);

    void head(const http::ReplyHead& head) override;
    void body(std::string_view bytes) override;
    bool wants_more() const override;
    bool resume(http::Request& request) override;

    // After the exchange. The spans of the reply point into this receiver.
    hail::rpc::Reply read();

    // Whether part of a result went to the console.
    bool has_streamed() const { return results_ && results_->is_passed_on(); }
    // Ends the result that was streamed.
    void finish_streamed();

    const http::ReplyHead& head() const { return head_; }
    const std::string& text() const { return results_ ? results_->text() : text_; }  // for quotes

  private:
    enum class Form { undecided, whole, events, object };

    Form form_of(std::string_view beginning) const;
    void take(std::string_view bytes);
    void keep(std::string_view bytes);
    void take_events(std::string_view bytes);
    void say_others();

    std::string id_;
    std::uint64_t max_reply_;
    Results wanted_;
    output::Console& console_;
    output::JsonPrinter printer_;

    http::ReplyHead head_;
    Form form_ = Form::undecided;
    std::string text_;  // the body; of events: its beginning
    std::optional<hail::rpc::EventReply> events_;
    std::optional<hail::rpc::ResultStream> results_;
};

}  // namespace hail::cli::rpc
