#include "lib/pubsub/publish.h"

namespace hail::pubsub {

void dry_run(const net::Address& address, MessageSource& source, const std::optional<StreamAppend>& stream,
             const std::function<void(const std::string&)>& show, const base::Stop& stop) {
    show(publisher_handshake(address, stream));
    MessageSource::Item item;
    for (;;) {
        switch (source.next(item)) {
            case MessageSource::Next::item:
                show(published_bytes(address, item.message, item.number, stream));
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
