// Requests over RabbitMQ: the broker itself takes the answers, without a queue and without rights.
//
// Shape:   one channel consumes the answers and publishes the requests, as the broker wants it. Each request
//          is confirmed too, so that one that no queue takes is known at once.
// Throws:  Error(refused) if no queue takes the request or the answer is a failure, Error(timed_out) without
//          an answer in time, Error(unknown) if the connection breaks while an answer is awaited; also
//          whatever the login throws.
// Source:  https://www.rabbitmq.com/docs/direct-reply-to

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/amqp/confirm_window.h"
#include "lib/amqp/content.h"
#include "lib/amqp/session.h"
#include "lib/amqp/table.h"
#include "lib/base/deadline.h"
#include "lib/base/stop.h"
#include "lib/pubsub/amqp_encoder.h"
#include "lib/pubsub/amqp_options.h"
#include "lib/pubsub/request.h"

namespace hail::pubsub {

inline constexpr std::string_view amqp_answers = "amq.rabbitmq.reply-to";

std::string amqp_requester_opening();  // the methods before the first request

class AmqpRequester : public Requester {
  public:
    // The timeout is for each answer.
    AmqpRequester(const Broker& broker, std::optional<base::Milliseconds> timeout,
                  const AmqpPublishing& publishing, const base::Stop& stop);
    AmqpRequester(const AmqpRequester&) = delete;
    AmqpRequester& operator=(const AmqpRequester&) = delete;
    ~AmqpRequester() override;

    std::string ask(const Message& request) override;

  private:
    // The message that is being received: an answer, or a request that came back.
    struct Incoming {
        bool returned = false;
        std::string words{};  // of one that came back
        std::size_t place_hash = 0;
        std::uint64_t size = 0;
        bool wanted = false;  // the answer to the last request
        bool failed = false;
        std::string body{};
    };

    template <typename Done>
    void pump(const Done& done, const base::Deadline& deadline, const std::string& doing);
    void take(const amqp::Frame& frame, const std::string& doing);
    void take_method(const amqp::Frame& frame, const std::string& doing);
    void take_answer(const amqp::Ack& ack, amqp::ConfirmWindow::Verdict verdict, const std::string& doing);
    void take_header(std::string_view payload);
    void end_content();

    const AmqpPublishing publishing_;
    const std::optional<base::Milliseconds> timeout_;
    const base::Stop& stop_;
    const std::string run_;  // begins the correlation ids
    AmqpEncoder encoder_;
    amqp::Session session_;
    amqp::ConfirmWindow window_;
    amqp::Content content_;
    amqp::Properties properties_;
    Incoming incoming_;
    bool ready_ = false;
    bool late_ = false;  // an answer did not come in time: perhaps nobody is there
    std::uint64_t asked_ = 0;
    std::string expected_;  // the correlation id of the request
    std::optional<Answer> answer_;
};

}  // namespace hail::pubsub
