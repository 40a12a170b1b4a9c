// A set of record indices, kept as ranges: a long run needs little memory, because neighbours end alike.

#pragma once

#include <cstdint>
#include <iterator>
#include <map>

namespace hail::bulk {

class IndexRanges {
  public:
    bool contains(std::uint64_t index) const {
        const auto after = ranges_.upper_bound(index);
        return after != ranges_.begin() && std::prev(after)->second >= index;
    }

    // Both ends belong to the range.
    void add(std::uint64_t first, std::uint64_t last) {
        auto next = ranges_.upper_bound(first);
        if (next != ranges_.begin() && std::prev(next)->second + 1 >= first) {
            --next;
            first = next->first;
        }
        while (next != ranges_.end() && (last == UINT64_MAX || next->first <= last + 1)) {
            last = next->second > last ? next->second : last;
            next = ranges_.erase(next);
        }
        ranges_.emplace(first, last);
    }

    void remove(std::uint64_t first, std::uint64_t last) {
        auto range = ranges_.upper_bound(first);
        if (range != ranges_.begin() && std::prev(range)->second >= first) {
            --range;
        }
        while (range != ranges_.end() && range->first <= last) {
            const auto [begin, end] = *range;
            range = ranges_.erase(range);
            if (begin < first) {
                ranges_.emplace(begin, first - 1);
            }
            if (end > last) {
                ranges_.emplace(last + 1, end);
                return;
            }
        }
    }

    std::size_t size() const { return ranges_.size(); }  // of the ranges

  private:
    std::map<std::uint64_t, std::uint64_t> ranges_;  // first to last
};

}  // namespace hail::bulk
