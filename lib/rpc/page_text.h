// The words of an HTML page that came instead of a reply: a proxy's error page, a login form.
//
// Shape:   the title, otherwise the first line of text outside tags, scripts and styles; white space in it is
//          single blanks, and character references stay as they are. Empty if the page says nothing.
// Throws:  nothing.

#pragma once

#include <string>
#include <string_view>

namespace hail::rpc {

// Whether a text begins as an HTML page does.
bool is_page(std::string_view text);

std::string page_text(std::string_view page);

}  // namespace hail::rpc
