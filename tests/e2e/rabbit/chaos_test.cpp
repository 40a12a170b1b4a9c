// A server of the test's own, which is stopped, killed and short of memory and disk space, behind connections
// that break all the time (tests/support/chaos.h). Every message must be accounted for.

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/rabbit/shared_rabbit.h"
#include "tests/support/rabbit_chaos.h"

using namespace hail::support;
using chaos::Consumption;
using chaos::Number;
using chaos::RabbitConsumers;
using chaos::RabbitPublisher;
using chaos::RabbitStreamReader;

namespace {

// Reads lines of stderr up to one that has this text.
std::string error_line_with(Process& process, const std::string& text) {
    std::string others;
    while (const auto line = process.read_error_line()) {
        if (mentions(*line, text)) {
            return *line;
        }
        others += *line + "\n";
    }
    FAIL("no line with '" << text << "' in:\n" << others);
    return {};
}

// A server that stops, and what those see who talk to it and those who come too late.
void stop_and_start(RabbitServer& server) {
    const RabbitQueue kept(server, "kept");
    const RabbitQueue followed(server, "followed");
    CHECK(rabbit_hail({"publish", server.address(), kept}, "1\n2\n3\n").code == 0);
    RabbitListener follower({server.address(), followed, "--count", "1", "--wait-server", "240s"});
    RabbitListener strict({server.address(), followed, "--no-reconnect"});
    server.stop();
    const Outcome ended = strict.process.wait();
    CHECK(ended.code == 8);
    CHECK_MESSAGE(mentions(ended.err, "shutdown"), ended.err);
    CHECK(rabbit_hail({"publish", server.address(), kept, "m"}).code == 7);

    Process waiting(
        rabbit_command({"publish", server.address(), followed, "after", "--wait-server", "240s"}));
    server.start();
    CHECK(waiting.wait().code == 0);
    const Outcome after = follower.process.wait();
    CHECK(after.code == 0);
    CHECK(after.out == "after\n");
    CHECK(rabbit_hail({"subscribe", server.address(), kept, "--count", "3"}).out == "1\n2\n3\n");
}

// A server that is short of memory, for a publisher that waits and for one that does not.
void wait_out(RabbitServer& server, const std::function<void()>& meanwhile) {
    const RabbitQueue kept(server, "kept");
    server.control({"set_vm_memory_high_watermark", "0.000001"});
    Process blocked(rabbit_command({"publish", server.address(), kept, "waits"}));
    CHECK(mentions(error_line_with(blocked, "low on memory"), "hail: "));
    const Outcome late = rabbit_hail({"publish", server.address(), kept, "late", "--timeout", "1s"});
    CHECK(late.code == 8);  // it went out
    CHECK_MESSAGE(mentions(late.err, "the time limit passed"), late.err);
    meanwhile();
    server.control({"set_vm_memory_high_watermark", "0.4"});
    CHECK(blocked.wait().code == 0);
    CHECK(mentions(server.take(kept, 5), R"("payload":"waits")"));
}

// What befalls the server, while its publishers get their lines.
class Trouble {
  public:
    Trouble(RabbitServer& server, std::vector<RabbitPublisher*> publishers)
        : server_(server), publishers_(std::move(publishers)), feed_(processes(publishers_)) {}

    // All of it, once for 50,000 messages.
    void run() {
        const Number rounds = 1 + chaos::messages() / 50'000;
        for (Number part = 0; part < 10 * rounds; ++part) {
            feed_.give_up_to(chaos::messages() * (part + 1) / (10 * rounds));
            strike(part % 10);
        }
        feed_.end();
    }

    std::string figures() const {
        return std::to_string(closes_) + " times all connections closed, " + std::to_string(stops_) +
               " stops, " + std::to_string(kills_) + " kills, " + std::to_string(alarms_) + " alarms";
    }

  private:
    static std::vector<Process*> processes(const std::vector<RabbitPublisher*>& publishers) {
        std::vector<Process*> result;
        result.reserve(publishers.size());
        for (RabbitPublisher* publisher : publishers) {
            result.push_back(&publisher->process());
        }
        return result;
    }

    void strike(Number part) {
        switch (part) {
            case 1:
                ++alarms_;
                wait_out(server_, [this] { block("low on memory"); });
                break;
            case 3:
                ++stops_;
                stop_and_start(server_);
                break;
            case 5:
                ++alarms_;
                server_.control({"set_disk_free_limit", "100000GB"});
                block("low on disk");
                server_.control({"set_disk_free_limit", "1MB"});
                break;
            case 7:
                ++kills_;
                server_.kill();
                server_.start();
                break;
            default:
                ++closes_;
                server_.close_connections_of("ada", "maintenance now");
        }
    }

    // A publisher only hears of an alarm when it publishes, unless its connection breaks at that moment.
    void block(const std::string& why) {
        feed_.give(20);
        for (RabbitPublisher* publisher : publishers_) {
            std::string line;
            while (!mentions(line, why)) {
                const auto next = publisher->process().read_error_line();
                REQUIRE(next);
                line = *next;
                feed_.give(mentions(line, "are unknown and skipped") ? 20 : 0);
            }
        }
    }

    RabbitServer& server_;
    std::vector<RabbitPublisher*> publishers_;
    chaos::Feed feed_;
    std::size_t closes_ = 0;
    std::size_t stops_ = 0;
    std::size_t kills_ = 0;
    std::size_t alarms_ = 0;
};

// The last line of a publisher, in whose account every message must be.
std::string summary_of(RabbitPublisher& publisher) {
    const Outcome end = publisher.process().wait();
    std::string summary = chaos::summary_of(end);
    const Number refused = chaos::part_of(summary, "refused");
    const Number unknown = chaos::part_of(summary, "unknown");
    INFO(end.err);
    CHECK(chaos::part_of(summary, "read") == chaos::messages());
    CHECK(chaos::part_of(summary, "accepted") + refused + unknown == chaos::messages());
    CHECK(end.code == (unknown > 0 ? 8 : refused > 0 ? 1 : 0));
    CHECK(publisher.connections() > 15);
    return summary;
}

}  // namespace

TEST_CASE("rabbit chaos: no message is lost unnoticed when connections break and the server stops or dies") {
    RabbitServer server(RabbitServer::Whose::own);
    server.declare_queue("skipped");
    server.declare_queue("resent");
    server.declare_queue("events", R"({"x-queue-type":"stream"})");
    server.declare_exchange("all", "fanout");
    server.bind("all", "", "resent");
    server.bind("all", "", "events");
    RabbitPublisher skips(server, "skipped", "skip");
    RabbitPublisher resends(server, "all/", "resend");
    RabbitStreamReader reader(server, "events");
    RabbitConsumers of_resent(server, "resent");
    Trouble trouble(server, {&skips, &resends});
    trouble.run();
    const std::string skip_summary = summary_of(skips);
    const std::string resend_summary = summary_of(resends);
    CHECK(rabbit_hail({"publish", server.address(), "events", "end"}).code == 0);
    const Consumption resent = of_resent.finish();
    // What the server kept while it was stopped and killed.
    const Consumption skipped = RabbitConsumers(server, "skipped").finish();
    const std::string stream = reader.finish();
    const auto length = std::count(stream.begin(), stream.end(), '\n');
    if (chaos::tells()) {
        MESSAGE("skip: " << skip_summary << "skip: " << skipped.text() << "\nresend: " << resend_summary
                         << "resend: " << resent.text() << "\nthe stream has " << length
                         << " messages, its reader had " << reader.connections()
                         << " connections, the publishers " << skips.connections() << " and "
                         << resends.connections() << "\n"
                         << trouble.figures());
    }

    for (const Consumption* consumption : {&skipped, &resent}) {
        CHECK(consumption->kills > 2);
        CHECK(consumption->repeated() > 0);
        for (const std::string& failure : consumption->odd) {
            FAIL_CHECK(failure);
        }
    }
    const Number accepted = chaos::part_of(skip_summary, "accepted");
    const Number unknown = chaos::part_of(skip_summary, "unknown");
    CHECK(unknown > 0);
    CHECK(skipped.seen.size() >= accepted);
    CHECK(skipped.seen.size() <= accepted + unknown);
    CHECK(skipped.repeated_unmarked() == 0);  // of a publisher that sends nothing twice
    CHECK(chaos::part_of(resend_summary, "accepted") == chaos::messages());
    CHECK(resent.seen.size() == chaos::messages());
    Command undisturbed =
        rabbit_command({"subscribe", server.address(), "events", "--offset", "first", "--format",
                        "{offset} {payload}", "--count", std::to_string(length)});
    undisturbed.limit = chaos::limit();
    const bool equal = stream == run(undisturbed).out;
    CHECK_MESSAGE(equal, stream.substr(stream.size() - std::min<std::size_t>(stream.size(), 500)));
    CHECK(reader.connections() > 5);
}

TEST_CASE(
    "rabbit chaos: messages for a queue that is deleted are refused, and those after it is made again "
    "arrive") {
    const RabbitServer server;
    const RabbitQueue queue(server, "deleted");
    RabbitListener listener({server.address(), queue});
    Process publisher = chaos::start_publisher({server.address(), queue});
    chaos::Feed feed({&publisher});
    feed.give(chaos::messages() / 3);
    REQUIRE(listener.process.read_line());
    server.delete_queue(queue);
    feed.give(chaos::messages() / 3);
    const std::string first = error_line_with(publisher, "no queue '" + queue + "'");
    const Outcome heard = listener.process.wait();
    server.declare_queue(queue);
    feed.give_up_to(chaos::messages());
    feed.end();
    const Outcome end = publisher.wait();

    CHECK(heard.code == 1);
    CHECK_MESSAGE(mentions(heard.err, "queue '" + queue + "' was deleted"), heard.err);
    INFO(first << "\n" << end.err);
    CHECK(end.code == 1);
    // All messages from the first refused one to the last one were refused. Those before them went with the
    // queue, those after them are in the new one.
    const Number begin = chaos::part_of(first, "input line");
    const Number last = chaos::part_of(end.err, "the last at input line");
    CHECK(begin > 1);
    CHECK(chaos::part_of(end.err, "hail: and") == last - begin);
    const Number after = chaos::messages() - last;
    REQUIRE(after > 0);
    const Outcome rest =
        rabbit_hail({"subscribe", server.address(), queue, "--count", std::to_string(after)});
    const bool equal = rest.out == chaos::lines(chaos::messages() - after + 1, chaos::messages());
    CHECK(equal);
    CHECK(server.take(queue, 1) == "[]");
}
