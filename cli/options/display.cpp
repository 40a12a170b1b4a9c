#include "cli/options/display.h"

#include "cli/options/group.h"

namespace hail::cli::options {

void declare_display(Parser& parser, output::Display& display) {
    using output::Color;
    using output::ErrorFormat;
    using output::Pretty;
    Group group(parser, "Output");
    group.text("-o,--output", display.output, "FILE",
               "Write to FILE instead of stdout; incomplete output stays in FILE.part");
    group.flag("-v,--verbose", display.verbose, "Show on stderr what goes over the wire, with secrets masked",
               "HAIL_VERBOSE");
    group.flag("-q,--quiet", display.quiet, "Print only errors to stderr", "HAIL_QUIET");
    group.flag("--dry-run", display.dry_run,
               "Print exactly what would be sent, with secrets masked, and send nothing");
    group.choice<Color>("--color", display.color,
                        {{"auto", Color::automatic}, {"always", Color::always}, {"never", Color::never}},
                        "Use colours (default auto: on a terminal, unless NO_COLOR is set)", "HAIL_COLOR");
    group.choice<Pretty>("--pretty", display.pretty,
                         {{"all", Pretty::all}, {"format", Pretty::format}, {"none", Pretty::none}},
                         "Indent and colour, indent only, or leave the bytes unchanged (default all on a "
                         "terminal, else none)",
                         "HAIL_PRETTY");
    group.choice<ErrorFormat>(
        "--error-format", display.error_format, {{"text", ErrorFormat::text}, {"json", ErrorFormat::json}},
        "Report an error as one line of text or as one JSON object (default text)", "HAIL_ERROR_FORMAT");
}

}  // namespace hail::cli::options
