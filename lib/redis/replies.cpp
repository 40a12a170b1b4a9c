#include "lib/redis/replies.h"

#include <algorithm>
#include <array>

#include "lib/base/text.h"
#include "lib/net/byte_stream.h"

namespace hail::redis {

namespace {

using base::Error;
using base::Exit;

struct Known {
    std::string_view beginning;
    Meaning meaning;
    std::string_view hint;
};

// The first that fits counts.
constexpr std::array<Known, 24> known_replies{{
    {"WRONGPASS", Meaning::login, "check the user name and the password"},
    {"NOAUTH", Meaning::client,
     "give a user and password with --user NAME:@FILE, or set HAIL_PASSWORD for the default user"},
    {"ERR Client sent AUTH", Meaning::login, "this server has no passwords: leave the password out"},
    {"ERR AUTH <password> called without", Meaning::login,
     "the default user has no password: leave the password out, or name a user"},
    {"ERR wrong number of arguments for 'auth'", Meaning::login,
     "this server has no user names: give only the password"},
    {"ERR invalid password", Meaning::login, "check the password"},
    {"ERR max number of clients", Meaning::passing,
     "try again later, or raise maxclients on the server; --wait-server waits for a free place"},
    {"LOADING", Meaning::passing,
     "the server is loading its data: try again in a moment; --wait-server waits for it"},
    {"BUSY ", Meaning::passing,
     "a script keeps the server busy: end it with SCRIPT KILL, or wait for it with --wait-server"},
    {"MASTERDOWN", Meaning::passing,
     "the replica has lost its master: use another node, or wait with --wait-server"},
    {"CLUSTERDOWN", Meaning::passing,
     "the cluster is not whole: check CLUSTER INFO, or wait with --wait-server"},
    {"TRYAGAIN", Meaning::passing, "the cluster is moving keys: try again, or wait with --wait-server"},
    {"OOM", Meaning::command, "the server's maxmemory is reached"},
    {"NOREPLICAS", Meaning::command,
     "the master has fewer good replicas than min-replicas-to-write asks for"},
    {"READONLY", Meaning::client, "this node is a replica: use the address of its master"},
    {"MOVED", Meaning::command, "another node of the cluster holds this key: use the address in the reply"},
    {"ASK", Meaning::command, "another node of the cluster holds this key: use the address in the reply"},
    {"WRONGTYPE", Meaning::client, "the key holds another kind of value, not a stream"},
    {"ERR unknown command", Meaning::client,
     "the server does not have this command, or under another name (rename-command)"},
    {"ERR invalid DB index", Meaning::client, "databases are numbered from 0"},
    {"ERR DB index is out of range", Meaning::client,
     "choose a lower number: the server's setting 'databases' limits it"},
    {"ERR SELECT is not allowed in cluster mode", Meaning::client,
     "a cluster has only database 0: leave the number out of the address"},
    {"DENIED", Meaning::client,
     "the server is in protected mode: set a password on it, or connect from its own machine"},
    {"ERR Protocol error", Meaning::client, ""},
}};

constexpr std::string_view channel_hint =
    "the user lacks the right to a channel: check ACL GETUSER; ACL SETUSER grants one as &NAME, and a "
    "pattern "
    "only by exactly the same text, so that &a* does not allow subscribing to ab*";
constexpr std::string_view command_hint =
    "the user lacks this permission: check ACL GETUSER; ACL SETUSER grants a command as +NAME";

// "NOPERM this user has no permissions to access one of the channels used as arguments", "... to run the
// 'publish' command"; Redis 7.2 and later write "No permissions to access a channel".
Known judge(std::string_view reply) {
    if (reply.starts_with("NOPERM")) {
        const bool channel = reply.find("channel") != reply.npos;
        return {"NOPERM", channel ? Meaning::channel : Meaning::client,
                channel ? channel_hint : command_hint};
    }
    const auto* const found = std::find_if(known_replies.begin(), known_replies.end(), [&](const Known& one) {
        return reply.starts_with(one.beginning);
    });
    return found == known_replies.end() ? Known{{}, Meaning::command, {}} : *found;
}

}  // namespace

Meaning meaning(std::string_view reply) {
    return judge(reply).meaning;
}

bool turns_away(std::string_view reply) {
    return reply.starts_with("DENIED") || reply.starts_with("ERR max number of clients");
}

Error refusal(const std::string& what, std::string_view reply) {
    return {Exit::refused, what + ": " + base::one_line(reply), std::string(judge(reply).hint)};
}

void throw_refusal(const std::string& what, std::string_view reply) {
    const Error error = refusal(what, reply);
    if (meaning(reply) == Meaning::passing) {
        throw net::NotReached(error.exit(), error.what(), error.hint());
    }
    if (meaning(reply) == Meaning::login) {
        throw net::LoginRefused(error.exit(), error.what(), error.hint());
    }
    throw Error(error);
}

}  // namespace hail::redis
