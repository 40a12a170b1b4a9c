// Builder of one JSON document from (path, value) pairs, in their order, such as the item "a[b][0]=x".
//
// Shape:   values are raw JSON text (json::quote for strings) and are written unchanged, including number
//          text, key order and duplicate keys; the rest is compact. A later path may enter a value, which is
//          then opened and merged into: a raw object or array, or null, which becomes the container that the
//          path needs. If a key appears twice, the last one is entered.
// Throws:  nothing; if a path does not fit the document, set() returns the problem and changes nothing.
// Source:  HTTPie's nested JSON algorithm, with the changes listed in hail-rest(1), ITEMS.

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

    // The problem; nothing if the value was set.
    std::optional<PathProblem> set(const Path& path, std::string_view value);

    bool empty() const;        // nothing has been set yet
    std::string text() const;  // call only if not empty

  private:
    std::unique_ptr<Node> root_;
};

}  // namespace hail::json
