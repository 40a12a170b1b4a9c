// Decodes the encoded words of mail, which some servers send in the file name of a Content-Disposition:
// =?UTF-8?B?w6QudHh0?= and =?ISO-8859-1?Q?=E4.txt?=.
//
// Shape:   the text as UTF-8. White space between two encoded words is dropped; a word of another character
//          set, or one that is not valid, stays as it is.
// Throws:  nothing.
// Source:  RFC 2047 2, 4 and 6.2; the language of RFC 2231 5 is dropped. RFC 6266 does not allow such words,
//          but browsers decode them.

#pragma once

#include <string>
#include <string_view>

namespace hail::http {

std::string decode_encoded_words(std::string_view text);

}  // namespace hail::http
