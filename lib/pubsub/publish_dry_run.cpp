#include "lib/pubsub/publish.h"

#include <functional>
#include <set>
#include <string>

namespace hail::pubsub {

void dry_run(const Broker& broker, MessageSource& source, const PublishOptions& options,
             const std::function<void(const std::string&)>& show, const base::Stop& stop) {
    const PublisherOptions publisher{.stream = options.stream, .amqp = options.amqp};
    show(publisher_handshake(broker, publisher));
    std::set<std::string, std::less<>> declared;
    take_each(source, stop, [&](const MessageSource::Item& item) {
        if (options.amqp.declare && declared.emplace(item.message.channel).second) {
            show(declaration_bytes(broker, item.message, publisher));
        }
        show(published_bytes(broker, item.message, item.number, publisher));
    });
}

}  // namespace hail::pubsub
