#include "lib/http/link.h"

#include <algorithm>

#include "lib/base/text.h"
#include "lib/http/field.h"

namespace hail::http {

namespace {

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> out;
    FieldReader reader(text);
    for (reader.skip_space(); !reader.at_end(); reader.skip_space()) {
        out.push_back(base::lower(reader.until(" \t")));
    }
    return out;
}

// Takes the parameters up to the comma; the first rel counts. False for a link about another page.
bool take_parameters(FieldReader& reader, Link& link) {
    bool here = true;
    bool related = false;
    while (reader.take(';')) {
        const auto parameter = reader.parameter();
        if (!parameter) {
            continue;  // an empty one, ";;"
        }
        here = here && parameter->name != "anchor";
        if (parameter->name == "rel" && !related) {
            link.relations = words(parameter->value);
            related = true;
        }
    }
    return here;
}

}  // namespace

std::vector<Link> parse_links(std::string_view field) {
    std::vector<Link> links;
    FieldReader reader(field);
    reader.skip_space();
    while (!reader.at_end()) {
        if (reader.take('<')) {
            Link link{std::string(base::trim(reader.until(">"))), {}};
            const bool whole = reader.take('>');
            if (take_parameters(reader, link) && whole) {
                links.push_back(std::move(link));
            }
        }
        reader.until(",");
        reader.take(',');
    }
    return links;
}

std::optional<std::string> find_link(const ReplyHead& head, std::string_view relation) {
    for (const auto& [name, value] : head.fields()) {
        if (!base::equal_ignoring_case(name, "Link")) {
            continue;
        }
        for (Link& link : parse_links(value)) {
            if (std::find(link.relations.begin(), link.relations.end(), relation) != link.relations.end()) {
                return std::move(link.target);
            }
        }
    }
    return std::nullopt;
}

}  // namespace hail::http
