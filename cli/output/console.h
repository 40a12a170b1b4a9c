#pragma once

#include <string>
#include <string_view>

#include "cli/output/display.h"
#include "lib/base/error.h"
#include "lib/base/owned.h"
#include "lib/base/stop.h"

// The only place that knows the terminal: data goes to stdout or to -o FILE, words for people go to stderr.
//
// Shape:   data is written in blocks, and at once on a terminal. -o FILE is written as FILE.part and renamed by
//          finish(); without finish() what came stays in FILE.part. A FILE that is no regular file, such as a
//          device or a named pipe, is written to as it is, and so is one that names an open descriptor (/dev/stderr); '-'
//          is stdout.
// Throws:  Error(output_failed) when data cannot be written; Error(interrupted or terminated) when a second signal comes
//          while nobody reads it; OutputClosed when nobody reads stdout any more.
// Source:  https://no-color.org, https://bixense.com/clicolors (CLICOLOR_FORCE).

namespace hail::cli::output {

// The reader of stdout has gone: the command ends quietly, as SIGPIPE would end it.
struct OutputClosed {};

class Console {
  public:
    explicit Console(const Display& display);
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    // From here on a second signal ends the waiting for whoever reads the output. It must outlive the console.
    void obey(const base::Stop& stop) { stop_ = &stop; }

    void write(std::string_view data);
    void flush();
    void finish();
    int output_descriptor() const { return output_; }

    // Shows what there is and waits until the descriptor, one of stdin's kind, can be read.
    // Throws: Error(interrupted or terminated) when a signal comes.
    void await(int descriptor);

    // Data is for a person's eyes: control characters are to be kept from it.
    bool to_terminal() const { return terminal_; }
    bool indents() const { return indents_; }
    bool colours() const { return colours_; }
    bool verbose() const { return verbose_; }

    void report(const base::Error& failure);  // as at the command's end, when it is to go on
    void say(std::string_view line);          // "hail: line", unless quiet
    void warn(std::string_view line);         // "hail: warning: line", unless quiet
    void trace(std::string_view text);        // as it is, when verbose

    // One line of stderr that is drawn over the last one, for progress; nothing unless stderr is a terminal, and nothing
    // when quiet. Whatever else goes to stderr through here erases it.
    bool draws() const { return draws_; }
    void draw(std::string_view line);
    void erase();

  private:
    void open_file(const std::string& path);
    void write_through(std::string_view data);
    void wait_for_room() const;
    std::string output_name() const { return file_ ? opened_ : "stdout"; }

    const base::Stop* stop_ = nullptr;
    std::string buffer_;
    std::string path_;
    std::string opened_;  // what is written: path_ itself, or what becomes path_ in the end
    base::Descriptor file_;
    int output_;
    bool written_ = false;
    bool terminal_;
    bool indents_;
    bool colours_;
    ErrorFormat error_format_;
    bool verbose_;
    bool quiet_;
    bool draws_;
    bool drawn_ = false;
};

// A failure as it stands on stderr: "hail: WHAT: WHY" and a hint behind it, or one JSON object with the
// members error (the status's name), exit, message and, if there is one, hint. Ends with a newline. As in all
// words for people, URLs show no secrets: see lib/http/secrets.h.
std::string failure_text(const base::Error& error, ErrorFormat format);

// Writes the text to stderr, whatever its length.
void write_error(std::string_view text);

}  // namespace hail::cli::output
