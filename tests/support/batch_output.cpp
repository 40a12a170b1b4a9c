#include "tests/support/batch_output.h"

#include <set>
#include <vector>

#include "lib/base/text.h"

namespace hail::support {

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    return lines;
}

std::string call(std::size_t name) {
    const std::string number = std::to_string(name);
    return R"({"method":"m","params":[)" + number + R"(],"id":)" + number + "}";
}

// "ok", "error", the outcome that the line names, or nothing if it is not a line of this call.
std::string outcome_of(std::string_view line, std::size_t name) {
    const std::string number = std::to_string(name);
    const std::string begin = "{\"i\":" + number + ",\"id\":" + number + ",\"";
    if (!line.starts_with(begin) || !line.ends_with('}')) {
        return {};
    }
    line.remove_prefix(begin.size());
    if (line == "result\":" + number + "}") {
        return "ok";
    }
    constexpr std::string_view outcome = "outcome\":\"";
    if (line.starts_with(outcome)) {
        line.remove_prefix(outcome.size());
        return std::string(line.substr(0, line.find('"')));
    }
    return line.starts_with("error\":{") ? "error" : "";
}

bool is_among(const std::string& outcome, const std::set<std::string>& outcomes) {
    return outcomes.count(outcome) > 0;
}

// The calls in a file of requests; a line that is not one of them is a problem.
std::set<std::size_t> calls_in(std::string_view text, std::string& problem) {
    std::set<std::size_t> calls;
    for (const std::string_view line : lines_of(text)) {
        const std::size_t name = first_call(line);
        if (line != call(name) || !calls.insert(name).second) {
            problem = "the list has the line " + std::string(line);
        }
    }
    return calls;
}

}  // namespace

std::string numbered_calls(std::size_t count) {
    std::string text;
    for (std::size_t name = 0; name < count; ++name) {
        text += call(name) + "\n";
    }
    return text;
}

std::size_t BatchOutput::count(std::string_view outcome) const {
    const auto found = tally.find(outcome);
    return found == tally.end() ? 0 : found->second;
}

BatchOutput read_batch_output(std::string_view text) {
    BatchOutput output;
    if (!text.empty() && !text.ends_with('\n')) {
        output.problem = "the last line is torn";
    }
    std::size_t last = 0;
    for (const std::string_view line : lines_of(text)) {
        const std::size_t begin = std::string_view("{\"i\":").size();
        const auto name = line.size() > begin ? base::parse_number(line.substr(begin, line.find(',') - begin))
                                              : std::nullopt;
        const std::string outcome = name ? outcome_of(line, *name) : std::string();
        if (outcome.empty() || !output.outcomes.emplace(*name, outcome).second) {
            output.problem = "unexpected line: " + std::string(line);
            return output;
        }
        ++output.tally[outcome];
        output.in_order = output.in_order && *name >= last;
        last = *name;
    }
    return output;
}

std::string untruth(const BatchOutput& output, std::size_t calls, const CountingPeer& peer, Repeats repeats) {
    for (std::size_t name = 0; name < calls; ++name) {
        const auto found = output.outcomes.find(name);
        const std::string outcome = found == output.outcomes.end() ? "none" : found->second;
        const std::size_t runs = peer.executions(name);
        const bool answered = is_among(outcome, {"ok", "error"}) && runs >= 1;
        const bool did_not_run = is_among(outcome, {"not-sent", "refused"}) && runs == 0;
        const bool once_at_most = runs <= 1 || repeats == Repeats::allowed;
        if (!once_at_most || !(answered || did_not_run || outcome == "unknown")) {
            return "call " + std::to_string(name) + " ran " + std::to_string(runs) +
                   " times, and its outcome is " + outcome;
        }
    }
    return output.outcomes.size() == calls ? std::string() : "there are lines for calls that do not exist";
}

std::string misplaced(const BatchOutput& output, std::string_view errors, std::string_view unknown) {
    std::string problem;
    const std::set<std::size_t> failed = calls_in(errors, problem);
    const std::set<std::size_t> open = calls_in(unknown, problem);
    for (const auto& [name, outcome] : output.outcomes) {
        const bool has_failed = is_among(outcome, {"error", "not-sent", "refused"});
        if (failed.count(name) != (has_failed ? 1 : 0) ||
            open.count(name) != (outcome == "unknown" ? 1 : 0)) {
            problem =
                "call " + std::to_string(name) + " with the outcome " + outcome + " is in the wrong list";
        }
    }
    return problem;
}

}  // namespace hail::support
