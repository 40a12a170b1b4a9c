// Chooses the file name of a download.
//
// Shape:   names are UTF-8 of 1 to 200 bytes, without folders, control or invisible characters, a leading
//          dot or dash, or white space at either end: such a name cannot leave the folder, hide, control a
//          terminal, or pass for an option.
// Throws:  nothing.
// Source:  RFC 6266 (Content-Disposition; filename* takes precedence over filename), RFC 8187 (its encoding),
//          encoded_word.h.
//          Values that break them are read as curl and browsers read them.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hail::http {

// The name as the server wrote it, decoded: not safe to use directly.
std::optional<std::string> disposition_name(std::string_view content_disposition);

// The nearest harmless name; "" if nothing is left.
std::string harmless_name(std::string_view name);

// From the reply's Content-Disposition, else the last part of the URL's path, else "index.html" or
// "download".
std::string download_name(std::optional<std::string_view> content_disposition, std::string_view url,
                          std::string_view content_type);

// The name itself if it is free, else "name-1.ext", "name-2.ext", …
std::string free_name(const std::string& name, const std::function<bool(const std::string&)>& is_taken);

}  // namespace hail::http
