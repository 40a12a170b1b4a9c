#include "lib/json/build.h"

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::json {

struct Member;

// A value that was given raw, or a container that a path entered.
struct Node {
    enum class Kind { raw, object, array };
    Kind kind = Kind::raw;
    std::string raw = "null";
    std::vector<Member> members;
    std::vector<Node> elements;
    std::unordered_map<std::string, std::size_t>
        places;  // of the first `placed` members, the last of each key
    std::size_t placed = 0;
};

struct Member {
    std::string key;  // raw, with its quotes
    Node value;
};

namespace {

Node raw_node(std::string_view value) {
    Node node;
    node.raw = trim(value);
    return node;
}

// The kind of value that a reader sees.
Kind kind_of(const Node& node) {
    switch (node.kind) {
        case Node::Kind::object:
            return Kind::object;
        case Node::Kind::array:
            return Kind::array;
        case Node::Kind::raw:
            break;
    }
    return kind(node.raw);
}

Kind needed_by(const Segment& segment) {
    return segment.kind == Segment::Kind::key ? Kind::object : Kind::array;
}

// Opens a raw container, or null, so that a path can enter it; false if the node is of another kind.
bool open(Node& node, Kind needed) {
    const Kind found = kind_of(node);
    if (found != needed && found != Kind::null) {
        return false;
    }
    if (node.kind != Node::Kind::raw) {
        return true;
    }
    node.kind = needed == Kind::object ? Node::Kind::object : Node::Kind::array;
    if (found == Kind::object) {
        for (Members members(node.raw); members.next();) {
            node.members.push_back({std::string(members.key()), raw_node(members.value())});
        }
    } else if (found == Kind::array) {
        for (Elements elements(node.raw); elements.next();) {
            node.elements.push_back(raw_node(elements.value()));
        }
    }
    node.raw.clear();
    return true;
}

// The last member of that name, in a time that does not grow with their number.
Node* find_member(Node& node, const std::string& key) {
    for (; node.placed < node.members.size(); ++node.placed) {
        node.places.insert_or_assign(unquote(node.members[node.placed].key), node.placed);
    }
    const auto found = node.places.find(key);
    return found == node.places.end() ? nullptr : &node.members[found->second].value;
}

// The child that the segment names, null if it does not exist yet. The node is open.
Node* find(Node& node, const Segment& segment) {
    if (segment.kind == Segment::Kind::index) {
        return segment.index < node.elements.size() ? &node.elements[segment.index] : nullptr;
    }
    return segment.kind == Segment::Kind::key ? find_member(node, segment.key) : nullptr;
}

Node& child(Node& node, const Segment& segment) {
    if (Node* const found = find(node, segment)) {
        return *found;
    }
    if (segment.kind == Segment::Kind::key) {
        return node.members.emplace_back(Member{quote(segment.key), Node()}).value;
    }
    node.elements.resize(segment.kind == Segment::Kind::append ? node.elements.size() + 1
                                                               : segment.index + 1);
    return node.elements.back();
}

PathProblem mismatch(const Path& path, std::size_t depth, Kind found) {
    const Segment& segment = path.segments[depth];
    const std::string_view does = segment.kind == Segment::Kind::key     ? "a key"
                                  : segment.kind == Segment::Kind::index ? "an index"
                                                                         : "[]";
    const std::string_view entered = std::string_view(path.text).substr(0, segment.begin);
    const std::string owner = depth == 0 ? "the document" : "'" + base::one_line(entered) + "'";
    return {segment.begin, segment.end,
            owner + " is " + std::string(name_with_article(found)) + ", but " + std::string(does) +
                " needs " + std::string(name_with_article(needed_by(segment))),
            ""};
}

// Containers are opened on the way, which does not change their meaning; children are added only once the
// path is known to fit.
std::optional<PathProblem> fit(Node& root, const Path& path) {
    Node* node = &root;
    for (std::size_t depth = 0; depth < path.segments.size() && node != nullptr; ++depth) {
        const Segment& segment = path.segments[depth];
        const Kind found = kind_of(*node);
        if (found == Kind::null) {
            return std::nullopt;
        }
        if (!open(*node, needed_by(segment))) {
            return mismatch(path, depth, found);
        }
        node = find(*node, segment);
    }
    return std::nullopt;
}

// Depth is bounded by most_segments: a node is open only if a path entered it.
void append(std::string& out, const Node& node) {
    if (node.kind == Node::Kind::raw) {
        out += node.raw;
        return;
    }
    const bool object = node.kind == Node::Kind::object;
    out += object ? '{' : '[';
    std::string_view separator;
    for (const Member& member : node.members) {
        out += separator;
        out += member.key;
        out += ':';
        append(out, member.value);
        separator = ",";
    }
    for (const Node& element : node.elements) {
        out += separator;
        append(out, element);
        separator = ",";
    }
    out += object ? '}' : ']';
}

}  // namespace

Builder::Builder() = default;
Builder::~Builder() = default;
Builder::Builder(Builder&&) noexcept = default;
Builder& Builder::operator=(Builder&&) noexcept = default;

std::optional<PathProblem> Builder::set(const Path& path, std::string_view value) {
    if (!root_) {
        root_ = std::make_unique<Node>();
    }
    if (auto problem = fit(*root_, path)) {
        return problem;
    }
    Node* node = root_.get();
    for (const Segment& segment : path.segments) {
        open(*node, needed_by(segment));
        node = &child(*node, segment);
    }
    *node = raw_node(value);
    return std::nullopt;
}

bool Builder::empty() const {
    return !root_;
}

std::string Builder::text() const {
    std::string out;
    append(out, *root_);
    return out;
}

}  // namespace hail::json
