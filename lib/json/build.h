// Builds one JSON document from (path, value) pairs in order, as "a[b][0]=x" items do.
//
// Shape:   values are raw JSON text (json::quote for strings) and are written as they stand, number text, key
//          order and duplicate keys included; the rest is compact. A value that a later path enters is opened
//          and merged into: an object or array that was given raw, or null, which becomes what the path
//          needs. Where a key stands twice, the last one is entered.
// Throws:  nothing; a path that does not fit what is there is a value, and nothing was set.
// Source:  HTTPie's nested JSON algorithm, with the changes that hail-rest(1), ITEMS, names.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "lib/json/path.h"

namespace hail::json {

struct Node;

class Builder {
  public:
    Builder();
    ~Builder();
    Builder(Builder&&) noexcept;
    Builder& operator=(Builder&&) noexcept;

    // None if the value was set.
    std::optional<PathProblem> set(const Path& path, std::string_view value);

    bool empty() const;        // nothing was set yet
    std::string text() const;  // call only when not empty

  private:
    std::unique_ptr<Node> root_;
};

}  // namespace hail::json
