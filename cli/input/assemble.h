// The parts of a request that its items describe: headers, query and body, as data. Only JSON is encoded
// here; everything else is encoded later, for the wire.
//
// Shape:   the items are loaded. Headers and parameters keep the order of the items. JSON is compact, with
//          raw UTF-8.
// Throws:  Error(usage) as items.h does: for a path that is not valid or does not fit, an item that the body
//          cannot hold, or a body given twice.
// Source:  hail-rest(1), ITEMS.

#pragma once

#include <string>
#include <vector>

#include "cli/input/items.h"
#include "lib/http/message.h"
#include "lib/http/url.h"

namespace hail::cli::input {

enum class BodyMode { json, form, multipart };  // form becomes multipart if a field is a file

// Typed headers. A later "Name:" removes earlier lines of that name, and the default header too.
struct HeaderItems {
    std::vector<http::Header> lines;
    std::vector<std::string> dropped;

    void add(http::Header line);
    void drop(const std::string& name);
};

// One part of a multipart body: a value, or a file ("-" is stdin).
struct Part {
    std::string name;
    std::string value;
    std::string path;         // empty: not a file
    std::string upload_name;  // the file's name as the server sees it
    std::string media_type;   // typed, or from the file's name; empty: none is sent
};

struct RequestParts {
    enum class Body { none, json, form, multipart, file };

    HeaderItems headers;
    std::vector<http::Pair> query;
    Body body = Body::none;
    std::string json;
    std::vector<http::Pair> form;
    std::vector<Part> parts;
    std::string file;             // "-" is stdin
    std::string file_media_type;  // typed, or from the file's name, otherwise application/json
};

RequestParts assemble(const std::vector<Item>& items, BodyMode mode);

}  // namespace hail::cli::input
