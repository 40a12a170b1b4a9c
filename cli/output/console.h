// The only place that knows the terminal: data goes to standard output or to the file of -o, diagnostics go
// to standard error.
//
// Shape:   data is written in blocks, and at once on a terminal.
// Throws:  Error(output_failed) when data cannot be written; Error(interrupted or terminated) when a second
//          signal comes while nobody reads the data; OutputClosed when the reader of standard output has
//          gone.
// Source:  https://no-color.org, https://bixense.com/clicolors (CLICOLOR_FORCE).

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cli/output/display.h"
#include "cli/output/outlet.h"
#include "cli/output/output_file.h"
#include "lib/base/error.h"
#include "lib/base/stop.h"

namespace hail::cli::output {

// The reader of standard output has gone: the command ends quietly, as SIGPIPE would end it.
struct OutputClosed {};

class Console {
  public:
    explicit Console(const Display& display);
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    // After this, a second signal ends the wait for a reader of the output or of stderr. The stop must
    // outlive the console.
    void obey(const base::Stop& stop) { stop_ = &stop; }

    void write(std::string_view data);
    void flush();
    void finish();

    // Writes as much as the reader takes at once, and returns its size. Nothing may wait in write()
    // meanwhile.
    std::size_t write_ready(std::string_view data);

    // Instead of finish(), after a command that did not come to its end: no incomplete file replaces another.
    void keep_part();
    void say_kept();  // without the flush, after a failure: names the part, if there is one
    int output_descriptor() const { return output_.number(); }

    // Flushes, and waits until a descriptor such as stdin can be read.
    // Throws: Error(interrupted or terminated) when a signal comes.
    void await(int descriptor);

    // A person reads the data: control characters must be escaped in it.
    bool to_terminal() const { return terminal_; }
    bool indents() const { return indents_; }
    bool colours() const { return colours_; }
    bool to_stdout() const { return output_.is_stdout(); }
    bool verbose() const { return verbose_; }
    bool traces_to_terminal() const { return verbose_ && error_terminal_; }

    void report(const base::Error& failure);  // as main() reports it, but the command continues
    void say(std::string_view line);          // "hail: line", unless quiet
    void insist(std::string_view line);       // the same even if quiet: it belongs to a failure
    void warn(std::string_view line);         // "hail: warning: line", unless quiet
    void trace(std::string_view text);        // unchanged, if verbose

    // Draws a line of progress over the last one, if stderr is a terminal and the command is not quiet. Any
    // other output to stderr erases it.
    bool draws() const { return draws_; }
    void draw(std::string_view line);
    void erase();

  private:
    void write_through(std::string_view data);
    [[noreturn]] void fail(int problem) const;
    void end_line();

    const base::Stop* stop_ = nullptr;
    std::string buffer_;
    OutputFile output_;
    std::unique_ptr<Outlet> outlet_;  // made when it is first needed
    bool terminal_;
    bool indents_;
    bool colours_;
    ErrorFormat error_format_;
    bool verbose_;
    bool quiet_;
    bool error_terminal_;  // stderr is one
    bool draws_;
    bool in_line_ = false;     // the last line of data is not finished
    bool line_ended_ = false;  // by a message, since then
    bool drawn_ = false;
};

// A failure as hail prints it: "hail: WHAT: WHY" and a line with the hint, or one JSON object with the
// members error (the name of the exit status), exit, message and, if there is one, hint. Ends with a line
// feed. Secrets in URLs are masked: see lib/http/secrets.h.
std::string failure_text(const base::Error& error, ErrorFormat format);

// Writes the text to stderr, whatever its length. A second signal ends the wait for a reader, and the rest is
// dropped.
void write_error(std::string_view text, const base::Stop* stop);

}  // namespace hail::cli::output
