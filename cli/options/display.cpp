#include "cli/options/display.h"

#include "cli/options/group.h"

namespace hail::cli::options {

namespace {

void declare_looks(Group& group, output::Display& display) {
    using output::Color;
    using output::Pretty;
    group.choice<Color>("--color", display.color,
                        {{"auto", Color::automatic}, {"always", Color::always}, {"never", Color::never}},
                        "Use colours (default auto: on a terminal, unless NO_COLOR is set)", "HAIL_COLOR");
    group.choice<Pretty>("--pretty", display.pretty,
                         {{"all", Pretty::all}, {"format", Pretty::format}, {"none", Pretty::none}},
                         "Indent and colour, indent only, or leave the bytes unchanged (default all on a "
                         "terminal, else none)",
                         "HAIL_PRETTY");
}

}  // namespace

void declare_display(Parser& parser, output::Display& display, Wire wire, Looks looks) {
    using output::ErrorFormat;
    Group group(parser, "Output");
    group.text("-o,--output", display.output, "FILE",
               "Write to FILE instead of stdout; incomplete output stays in FILE.part");
    group.flag("-v,--verbose", display.verbose,
               wire == Wire::http
                   ? "Show the heads of HTTP requests and replies on stderr, with secrets masked"
                   : "Show what goes over the wire on stderr, with the password masked",
               "HAIL_VERBOSE");
    group.flag("-q,--quiet", display.quiet, "Print only errors to stderr", "HAIL_QUIET");
    group.flag("--dry-run", display.dry_run,
               "Print exactly what would be sent, with secrets masked, and send nothing");
    if (looks == Looks::many) {
        declare_looks(group, display);
    }
    group.choice<ErrorFormat>(
        "--error-format", display.error_format, {{"text", ErrorFormat::text}, {"json", ErrorFormat::json}},
        "Report an error as one line of text or as one JSON object (default text)", "HAIL_ERROR_FORMAT");
    parser.note_if_typed("verbose", display.typed_verbose);
    parser.note_if_typed("quiet", display.typed_quiet);
    parser.rules().at_most_one({"verbose", "quiet"});
    parser.rules().write_files({"output", "headers-to", "errors", "unknown", "journal", "session"});
}

}  // namespace hail::cli::options
