#include "cli/rest/curl_line.h"

#include <algorithm>
#include <string_view>

#include "lib/base/shell.h"
#include "lib/base/text.h"
#include "lib/http/secrets.h"

namespace hail::cli::rest {

namespace {

constexpr std::string_view mask = "***";

class Line {
  public:
    void flag(std::string_view flag) { text_ += " " + std::string(flag); }
    void add(std::string_view option, std::string_view value) {
        flag(option);
        word(value);
    }
    void word(std::string_view value) { text_ += " " + base::shell_quote(value); }
    const std::string& text() const { return text_; }

  private:
    std::string text_ = "curl";
};

std::string seconds(base::Milliseconds duration) {
    const auto count = duration.count();
    std::string text = std::to_string(count / 1000);
    if (count % 1000 != 0) {
        const std::string digits = std::to_string(count % 1000);
        text += "." + std::string(3 - digits.size(), '0') + digits;
    }
    return text;
}

void add_tls(Line& line, const net::TlsOptions& tls, Secrets secrets) {
    if (tls.insecure) {
        line.flag("-k");
    }
    if (!tls.cacert.empty()) {
        line.add("--cacert", tls.cacert);
    }
    if (!tls.capath.empty()) {
        line.add("--capath", tls.capath);
    }
    if (!tls.cert.empty()) {
        line.add("--cert", tls.cert);
    }
    if (!tls.key.empty()) {
        line.add("--key", tls.key);
    }
    if (!tls.key_password.empty()) {
        line.add("--pass", secrets == Secrets::shown ? tls.key_password : std::string(mask));
    }
}

// The password of a proxy is a secret too.
std::string without_password(const std::string& proxy) {
    const std::size_t at = proxy.rfind('@');
    const std::size_t begin = proxy.find("://");
    const std::size_t user = begin == proxy.npos ? 0 : begin + 3;
    const std::size_t colon = at == proxy.npos ? at : proxy.find(':', user);
    return colon < at ? proxy.substr(0, colon + 1) + std::string(mask) + proxy.substr(at) : proxy;
}

void add_connection(Line& line, const net::ConnectOptions& connect, Secrets secrets) {
    const net::ConnectOptions usual;
    if (connect.connect_timeout && connect.connect_timeout != usual.connect_timeout) {
        line.add("--connect-timeout", seconds(*connect.connect_timeout));
    }
    if (connect.timeout) {
        line.add("--max-time", seconds(*connect.timeout));
    }
    if (connect.proxy) {
        line.add("--proxy", secrets == Secrets::shown ? *connect.proxy : without_password(*connect.proxy));
    }
    if (connect.no_proxy) {
        line.add("--noproxy", *connect.no_proxy);
    }
    for (const std::string& one : connect.resolve) {
        line.add("--resolve", one);
    }
    for (const std::string& one : connect.connect_to) {
        line.add("--connect-to", one);
    }
    if (connect.ip_version != net::IpVersion::any) {
        line.flag(connect.ip_version == net::IpVersion::v4 ? "-4" : "-6");
    }
    if (!connect.interface.empty()) {
        line.add("--interface", connect.interface);
    }
    if (!connect.unix_socket.empty()) {
        line.add("--unix-socket", connect.unix_socket);
    }
}

void add_method(Line& line, const http::Request& request, const CurlBody& body) {
    const bool has_body = http::has_body(request) || !body.parts.empty() || !body.file.empty();
    const std::string_view usual = body.file == "-" ? "PUT" : has_body ? "POST" : "GET";
    if (request.method == "HEAD" && !has_body) {
        line.flag("--head");
    } else if (request.method != usual) {
        line.add("-X", request.method);
    }
}

std::string shown_value(const http::Header& header, Secrets secrets) {
    if (secrets == Secrets::shown) {
        return header.value;
    }
    return http::is_secret(header.name) ? std::string(mask) : http::mask_urls(header.value);
}

void add_headers(Line& line, const http::Request& request, bool multipart, Secrets secrets) {
    for (const std::string_view name : {"Accept", "User-Agent", "Content-Type"}) {
        const bool added = name != "Content-Type" || (http::has_body(request) && !multipart);
        if (added && http::find(request.headers, name) == nullptr) {
            line.add("-H", std::string(name) + ":");
        }
    }
    for (const http::Header& header : request.headers) {
        if (multipart && base::equal_ignoring_case(header.name, "Content-Type")) {
            continue;
        }
        if (header.value.empty()) {
            line.add("-H", header.name + ";");
        } else {
            line.add("-H", header.name + ": " + shown_value(header, secrets));
        }
    }
}

// With the header alone, curl would print a compressed reply without decoding it.
void add_decoding(Line& line, const http::Request& request) {
    const http::Header* const codings = http::find(request.headers, "Accept-Encoding");
    if (codings != nullptr && codings->value != "identity" && !codings->value.empty()) {
        line.flag("--compressed");
    }
}

void add_credentials(Line& line, const http::Request& request, Secrets secrets) {
    using Kind = http::Credentials::Kind;
    const http::Credentials& credentials = request.credentials;
    if (credentials.kind == Kind::none || http::find(request.headers, "Authorization") != nullptr) {
        return;
    }
    const std::string secret = secrets == Secrets::shown ? credentials.secret : std::string(mask);
    if (credentials.kind == Kind::bearer) {
        line.add("-H", "Authorization: Bearer " + secret);
    } else {
        if (credentials.kind == Kind::digest) {
            line.flag("--digest");
        }
        line.add("-u", credentials.user + ":" + secret);
    }
}

// In the double quotes of -F, '"' and '\' are escaped.
std::string form_quote(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        out += c == '"' || c == '\\' ? "\\" : "";
        out += c;
    }
    return out + '"';
}

void add_part(Line& line, const CurlPart& part, Secrets secrets) {
    if (part.path.empty()) {
        const bool hide = secrets == Secrets::masked && http::is_secret_field(part.name);
        line.add("--form-string", part.name + "=" + (hide ? std::string(mask) : part.value));
        return;
    }
    std::string text = part.name + "=@" + form_quote(part.path) + ";filename=" + form_quote(part.file_name);
    text += part.media_type.empty() ? "" : ";type=" + part.media_type;
    line.add("-F", text);
}

std::string shown_body(const http::Request& request, Secrets secrets) {
    return secrets == Secrets::shown ? *request.body : output::masked_body(request);
}

// True for a body that no argument can hold, or that would steer a terminal.
bool needs_pipe(const http::Request& request) {
    return request.body && base::printable(*request.body) != *request.body;
}

void add_body(Line& line, const http::Request& request, const CurlBody& body, Secrets secrets) {
    for (const CurlPart& part : body.parts) {
        add_part(line, part, secrets);
    }
    if (!body.file.empty()) {
        if (body.file == "-") {
            line.add("-T", "-");
        } else {
            line.add("--data-binary", "@" + body.file);
        }
    } else if (needs_pipe(request)) {
        line.add("--data-binary", "@-");
    } else if (request.body && body.parts.empty()) {
        line.add("--data-raw", shown_body(request, secrets));
    }
}

// A call of printf(1), with octal escapes in its format.
std::string printf_into(std::string_view bytes) {
    std::string format;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (base::is_plain_in_shell(c) && c != '%') {
            format += c;
            continue;
        }
        format += '\\';
        for (const unsigned shift : {6U, 3U, 0U}) {
            format += static_cast<char>('0' + ((byte >> shift) & 7U));
        }
    }
    return "printf -- '" + format + "' | ";
}

}  // namespace

std::string curl_line(const http::Request& request, const CurlBody& body, const net::ConnectOptions& connect,
                      Secrets secrets) {
    const bool multipart = !body.parts.empty();
    Line line;
    add_method(line, request, body);
    if (request.url.find_first_of("[]{}") != request.url.npos) {
        line.flag("-g");
    }
    if (request.url.find("/.") != request.url.npos) {
        line.flag("--path-as-is");
    }
    add_headers(line, request, multipart, secrets);
    add_decoding(line, request);
    add_credentials(line, request, secrets);
    add_connection(line, connect, secrets);
    if (request.url.starts_with("https:")) {
        add_tls(line, connect.tls, secrets);
    }
    add_body(line, request, body, secrets);
    line.word(secrets == Secrets::shown ? request.url : http::mask_url(request.url));
    return (needs_pipe(request) ? printf_into(shown_body(request, secrets)) : "") + line.text();
}

}  // namespace hail::cli::rest
