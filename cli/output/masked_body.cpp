#include "cli/output/masked_body.h"

#include <string_view>

#include "lib/base/text.h"
#include "lib/http/secrets.h"
#include "lib/json/rewrite.h"
#include "lib/json/scan.h"

namespace hail::cli::output {

std::string masked_body(const http::Request& request) {
    const std::string& body = *request.body;
    const http::Header* const header = http::find(request.headers, "Content-Type");
    const std::string type = base::lower(header == nullptr ? "" : header->value);
    if (type.starts_with("application/x-www-form-urlencoded")) {
        return http::mask_form(body);
    }
    const std::string_view json = base::without_byte_order_mark(body);
    if (json::check(json, json::Encoding::any)) {
        return body;
    }
    std::string out = body.substr(0, body.size() - json.size());
    json::append_masked(out, json, http::is_secret_field);
    return out;
}

}  // namespace hail::cli::output
