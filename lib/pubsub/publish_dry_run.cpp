#include "lib/pubsub/publish.h"

namespace hail::pubsub {

void dry_run(const Broker& broker, MessageSource& source, const PublishOptions& options,
             const std::function<void(const std::string&)>& show, const base::Stop& stop) {
    const PublisherOptions publisher{.stream = options.stream, .amqp = options.amqp};
    show(publisher_handshake(broker, publisher));
    MessageSource::Item item;
    for (;;) {
        switch (source.next(item)) {
            case MessageSource::Next::item:
                show(published_bytes(broker, item.message, item.number, publisher));
                break;
            case MessageSource::Next::wait:
                if (!stop.wait_readable(source.descriptor())) {
                    return;
                }
                break;
            case MessageSource::Next::end:
                return;
        }
    }
}

}  // namespace hail::pubsub
