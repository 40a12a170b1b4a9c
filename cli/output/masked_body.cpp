#include "cli/output/masked_body.h"

#include <string_view>

#include "lib/base/text.h"
#include "lib/http/loose_text.h"
#include "lib/http/secrets.h"
#include "lib/json/rewrite.h"
#include "lib/json/scan.h"

namespace hail::cli::output {

std::string masked_body(const http::Request& request) {
    const std::string& body = *request.body;
    const http::Header* const header = http::find(request.headers, "Content-Type");
    const std::string type = base::lower(header == nullptr ? "" : header->value);
    if (http::find(request.headers, "Content-Encoding") != nullptr) {
        return body;  // nobody can read it
    }
    const std::string_view json = base::without_byte_order_mark(body);
    if (json::check(json, json::Encoding::any)) {
        const bool is_form = type.starts_with("application/x-www-form-urlencoded");
        return is_form && !body.starts_with('{') && !body.starts_with('[') ? http::mask_form(body)
                                                                           : http::mask_loose_text(body);
    }
    std::string out = body.substr(0, body.size() - json.size());
    json::append_masked(out, json, http::is_secret_field);
    return out;
}

}  // namespace hail::cli::output
