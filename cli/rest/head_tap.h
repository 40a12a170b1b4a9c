// A receiver in front of another one. When the head of a reply arrives, it erases the progress line, and
// writes the head to the file of --headers-to.
//
// Throws:  Error(output_failed).

#pragma once

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
    HeadTap(http::Receiver& next, output::Console& console, const std::string& path, base::WriteMode mode);

    void head(const http::ReplyHead& head) override;
    void body(std::string_view bytes) override { next_.body(bytes); }
    bool resume(http::Request& request) override;

  private:
    http::Receiver& next_;
    output::Console& console_;
    std::string path_;
    base::Descriptor file_;
};

}  // namespace hail::cli::rest
