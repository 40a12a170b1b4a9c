// A receiver in front of another one. When the head of a reply arrives, it erases the progress line, and
// writes the head to the file of --headers-to. It warns of a body that comes in a coding nobody asked for, or
// with a length and in chunks at once.
//
// Throws:  Error(output_failed).

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/output/console.h"
#include "lib/base/output_path.h"
#include "lib/base/owned.h"
#include "lib/http/message.h"

namespace hail::cli::rest {

class HeadTap : public http::Receiver {
  public:
    // An empty path: no file; "-": standard output.
    HeadTap(const http::Request& request, http::Receiver& next, output::Console& console,
            const std::string& path, base::WriteMode mode);

    void head(const http::ReplyHead& head) override;
    void body(std::string_view bytes) override;
    bool resume(http::Request& request) override;

  private:
    void forget();

    const http::Request& request_;
    http::Receiver& next_;
    output::Console& console_;
    std::string path_;
    base::WriteMode mode_;
    base::Descriptor file_;
    std::optional<std::string> warning_;  // to be given when a body comes
};

}  // namespace hail::cli::rest
