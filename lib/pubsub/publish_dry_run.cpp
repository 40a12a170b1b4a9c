#include "lib/pubsub/publish.h"

namespace hail::pubsub {

void dry_run(const Broker& broker, MessageSource& source, const PublishOptions& options,
             const std::function<void(const std::string&)>& show, const base::Stop& stop) {
    const PublisherOptions publisher{.stream = options.stream, .amqp = options.amqp};
    show(publisher_handshake(broker, publisher));
    take_each(source, stop, [&](const MessageSource::Item& item) {
        show(published_bytes(broker, item.message, item.number, publisher));
    });
}

}  // namespace hail::pubsub
