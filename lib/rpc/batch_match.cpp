#include "lib/rpc/batch_match.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "lib/base/text.h"
#include "lib/json/outline.h"
#include "lib/json/scan.h"
#include "lib/rpc/members.h"
#include "lib/rpc/message.h"

namespace hail::rpc {

namespace {

// The wire id that an id's bytes mean, or 0; any form but plain digits is a quirk.
std::uint32_t wire_id_of(std::string_view id, Quirks& quirks) {
    std::uint32_t number = 0;
    const auto parse = [&number](std::string_view digits) {
        const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        return problem == std::errc() && end == digits.data() + digits.size();
    };
    if (parse(id)) {
        return number;
    }
    if (id.size() > 2 && id.front() == '"' && parse(id.substr(1, id.size() - 2))) {
        quirks.add(Quirk::id_as_string);
        return number;
    }
    double real = 0;
    const auto [end, problem] = std::from_chars(id.data(), id.data() + id.size(), real);
    const bool whole = problem == std::errc() && end == id.data() + id.size();
    if (whole && real >= 1 && real <= max_wire_id &&
        real == static_cast<double>(static_cast<std::uint32_t>(real))) {
        quirks.add(Quirk::id_number_form);
        return static_cast<std::uint32_t>(real);
    }
    return 0;
}

bool has_any(std::string_view text, std::span<const std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool may_have_run(const ErrorObject& error) {
    constexpr std::array<std::string_view, 7> words{"response",  "reply",    "result",   "timeout",
                                                    "timed out", "time out", "execution"};
    return has_any(base::lower(error.text()), words);
}

// Whether the error refuses the batch, and not just the one call whose id it may carry.
bool refuses_batch(const ErrorObject& error) {
    constexpr std::array<std::int64_t, 4> codes{-32700, -32600, -32010, -32005};
    constexpr std::array<std::string_view, 7> words{"batch",         "too many requests", "rate limit",
                                                    "rate exceeded", "limit exceeded",    "request limit",
                                                    "too large"};
    if (may_have_run(error)) {
        return false;
    }
    return std::find(codes.begin(), codes.end(), error.number()) != codes.end() ||
           has_any(base::lower(error.text()), words);
}

std::string problem_text(std::string_view text, const json::Problem& wrong, Completeness completeness) {
    return completeness == Completeness::cut ? "the reply was cut off"
                                             : "the reply is not JSON: " + json::describe(text, wrong);
}

// The matching of one reply text.
class Matching {
  public:
    Matching(const SentBatch& sent, std::span<Slot> slots) : sent_(sent), slots_(slots) {}

    void array(std::string_view text, Completeness completeness);
    void object(std::string_view text, Completeness completeness);

    BatchReply reply;

  private:
    void take(const json::CheckedElements& elements);
    void take(const MessageMembers& members);
    void take_without_id(const MessageMembers& members);
    void fill(Slot& slot, const MessageMembers& members);
    void settle();
    void refuse_if_all_are_meant();

    SentBatch sent_;
    std::span<Slot> slots_;
    std::uint32_t items_ = 0;
    std::uint32_t filled_ = 0;
    std::size_t errors_without_id_ = 0;
    std::string_view only_error_;  // the error of the first item
};

void Matching::fill(Slot& slot, const MessageMembers& members) {
    if (slot.state != Slot::State::missing) {
        slot.duplicated = true;
        ++reply.duplicates;
        return;
    }
    const bool has_error = !is_nothing(members.error);
    if (!has_error && members.result.empty()) {
        reply.problem = "a reply has neither a result nor an error";
        return;
    }
    slot.state = has_error ? Slot::State::error : Slot::State::result;
    slot.value = has_error ? members.error : members.result;
    slot.arrival = items_;
    ++filled_;
}

// Some servers answer a notification with a result that has no id.
void Matching::take_without_id(const MessageMembers& members) {
    if (sent_.framing == Framing::single && slots_.size() == 1) {
        reply.quirks.add(members.id.empty() ? Quirk::id_missing : Quirk::id_null);
        fill(slots_.front(), members);
        return;
    }
    if (!is_nothing(members.error)) {
        ++errors_without_id_;
        reply.unattributed.whole = members.error;
    } else if (sent_.notifications == 0) {
        ++reply.strays;
    }
}

void Matching::take(const json::CheckedElements& elements) {
    if (!elements.value().starts_with('{')) {
        ++items_;
        ++reply.strays;
        return;
    }
    take(read_members(elements.value(), elements.outline()));
}

void Matching::take(const MessageMembers& members) {
    ++items_;
    if (items_ == 1) {
        only_error_ = is_nothing(members.error) ? std::string_view() : members.error;
    }
    reply.quirks.add(quirks_of_form(members));
    if (is_nothing(members.id)) {
        take_without_id(members);
        return;
    }
    const std::uint32_t id = wire_id_of(members.id, reply.quirks);
    const std::uint32_t index = id - sent_.first_id;
    if (id >= sent_.first_id && index < slots_.size()) {
        fill(slots_[index], members);
    } else {
        ++reply.strays;
    }
}

void Matching::array(std::string_view text, Completeness completeness) {
    json::CheckedElements elements(text, json::Encoding::any);
    while (elements.next()) {
        take(elements);
    }
    if (elements.problem()) {
        reply.problem = problem_text(text, *elements.problem(), completeness);
    } else {
        refuse_if_all_are_meant();
    }
    if (reply.kind == BatchReply::Kind::matched) {
        settle();
    }
}

// Some servers refuse a batch with an array of one error, under the id of the first call or without an id.
void Matching::refuse_if_all_are_meant() {
    if (items_ != 1 || only_error_.empty() || slots_.size() < 2) {
        return;
    }
    const ErrorObject error = read_error(only_error_, reply.quirks);
    if (!refuses_batch(error)) {
        return;
    }
    for (Slot& slot : slots_) {
        slot = Slot();
    }
    reply.kind = BatchReply::Kind::refused;
    reply.refusal = error;
}

// Errors without an id belong to notifications first. If exactly one such error and one call without a reply
// are left, the error belongs to that call.
void Matching::settle() {
    if (!reply.unattributed.whole.empty()) {
        reply.unattributed = read_error(reply.unattributed.whole, reply.quirks);
    }
    reply.notification_errors = std::min(errors_without_id_, sent_.notifications);
    const std::size_t left = errors_without_id_ - reply.notification_errors;
    if (left != 1 || slots_.size() - filled_ != 1 || !reply.problem.empty()) {
        return;
    }
    const auto open = std::find_if(slots_.begin(), slots_.end(),
                                   [](const Slot& slot) { return slot.state == Slot::State::missing; });
    open->state = Slot::State::error;
    open->value = reply.unattributed.whole;
    open->arrival = items_;
    reply.quirks.add(Quirk::id_null);
}

void Matching::object(std::string_view text, Completeness completeness) {
    json::Outline outline;
    if (const auto wrong = json::check(text, json::Encoding::any, outline)) {
        reply.problem = problem_text(text, *wrong, completeness);
        reply.kind = BatchReply::Kind::problem;
        return;
    }
    const MessageMembers members = read_members(text, outline);
    const bool meant_for_all = sent_.framing == Framing::array && slots_.size() + sent_.notifications > 1;
    if (!meant_for_all || is_nothing(members.error)) {
        take(members);
        settle();
        return;
    }
    reply.quirks.add(quirks_of_form(members));
    reply.refusal = read_error(members.error, reply.quirks);
    reply.kind = BatchReply::Kind::refused;
    if (!refuses_all(reply.refusal)) {
        reply.kind = BatchReply::Kind::problem;
        reply.problem = "one error for the whole batch: " + one_line(reply.refusal);
    }
}

}  // namespace

bool refuses_all(const ErrorObject& error) {
    constexpr std::array<std::int64_t, 7> codes{-32601, -32602, -32016, -32007, -32055, 429, 1008};
    return refuses_batch(error) ||
           (!may_have_run(error) && std::find(codes.begin(), codes.end(), error.number()) != codes.end());
}

BatchReply match_batch(std::string_view text, Completeness completeness, const SentBatch& sent,
                       std::span<Slot> slots) {
    Matching matching(sent, slots);
    if (text.starts_with("\xEF\xBB\xBF")) {
        matching.reply.quirks.add(Quirk::byte_order_mark);
        text.remove_prefix(3);
    }
    text = json::trim(text);
    if (text.starts_with('[')) {
        matching.array(text, completeness);
    } else if (text.starts_with('{')) {
        matching.object(text, completeness);
    } else if (!text.empty()) {
        matching.reply.kind = BatchReply::Kind::problem;
        matching.reply.problem = "the reply is not JSON: '" + base::one_line(text, 80) + "'";
    } else if (!slots.empty()) {
        matching.reply.kind = BatchReply::Kind::problem;
        matching.reply.problem = "the reply is empty";
    }
    return std::move(matching.reply);
}

}  // namespace hail::rpc
