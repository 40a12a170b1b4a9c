#!/bin/sh
# Checks the English of everything that hail says, and of everything said about hail: finds the turns of phrase that a
# native speaker would not use. The rule is in .github/CONTRIBUTING.md under "English".
#
# Usage:   sh tests/docs/language.sh [ROOT]    ROOT is the repository's, by default the one this script is in.
# Reads:   man pages, README and .github; comments and string literals in cli and lib, and so all help; names of test
#          cases; comments in the completion scripts, whose descriptions are the help texts of cli.
#          The lines of a paragraph, a comment or a literal are joined first, so that a line break hides nothing.
#          In Markdown, text between backticks is skipped: it is code, or a quoted bad example.
# Shape:   silent and 0 when all is well; else one "file:line: PATTERN: the line" for each hit, and 1.
# Mends:   rewrite the sentence. Add to "allowed" only phrases that a native speaker would write, with the reason.
set -eu

cd -- "${1:-$(dirname -- "$0")/../..}"

# NAME :: EXPRESSION :: a plain version, or what is wrong.  language_test.sh plants a sentence for each of these.
#
# Case does not matter, and a match never begins or ends inside a word. An expression after ^ matches only at the start
# of a sentence or of a clause after a semicolon, and not in a question. POSIX syntax: no \b, \w or {2}.
patterns='
behind           :: behind                                       :: "after"; only places are behind something
is no            :: (is|are|was|were|be) no [a-z]+               :: "is not a name", "is not valid", "fails"
is none          :: (is|are|was|were|be) none                    :: "is not one", "is not valid", "there is none"
a line each      :: (an?|one) (line|record|element|message|object|event|reply|call|page|file|step) each :: "one per line"
a message a line :: (an?|one) (line|record|element|message|object|event|command|page|pair|value|id|subject) an? (line|record|element|message|object|event|command|page|file|call|reply|read|folder) :: "one message per line"
go on with       :: (go|goes|going|gone|went) on with            :: "continue", "resume"
told of          :: (tell|tells|told|telling) of                 :: "report", "warn about"
parted           :: parted                                       :: "separated", "split"
whoever          :: whoever                                      :: name the one who acts
nothing without  :: (is|are) nothing without                     :: "--array needs --items"
of ours          :: (one|some|any|all|that|those|header|headers|id|ids|process|name|names|file|files) of ours :: "default header", "hail adds"
goes before      :: (go|goes|went) before                        :: "takes precedence over"
and so it is     :: and so (it|they) (is|are|was|were|does|do)   :: repeat the verb
and so is one    :: and so (is|are|was|were|does|do) (one|what|that|those) :: one sentence with two subjects
be it            :: be (it|they) [^ ]+                           :: "whether ... or"
nothing to be    :: nothing to be                                :: "cannot be"
that is there    :: (that|which|what|all) (is|are|was|were) there :: "existing", "complete"
is there already :: (is|are|was|were) there already              :: "already exists"
as soon as there :: as soon as [a-z]+ ([a-z]+ )?(is|are) there   :: "as soon as it arrives"
at the most      :: at the most                                  :: "at most"
be had           :: (can|cannot|could|not|to) be had             :: "cannot be fetched"
without a word   :: without a word                               :: "silently"
words for people :: words for people                             :: "diagnostics"
as it stood      :: as (it|they) stood                           :: "unchanged"
taken to have    :: (is|are|was|were) taken (to have|for an?)    :: "counts as"
said not to be   :: (is|are|was|were) said (not )?to             :: "hail says that ..."
and its like     :: (its|their) like                             :: "and similar ones", "such as"
stands there     :: (stand|stands|stood) (there|twice|behind|before|first|last|in (a|an|the|no|its|hail)|at the|on the) :: "is", "appears"
mends it         :: (mend|mends|mended) (it|this|that|them)      :: "fixes it"; better, name the command to run
I know           :: i (know|can|cannot|do|am|have|want)          :: hail is not a person: "unsupported shell"
give X up        :: (give|gives|gave|giving) --[a-z-]+ up        :: "stop --until after"
What             :: ^What(ever)? [a-z]                           :: a clause is not a subject: name the thing
Where            :: ^Where(ver)? [a-z]                           :: "If", "When"; or name the place
Whoever          :: ^Who(ever)? [a-z]                            :: name the one who acts
Of what          :: ^Of (what|which|an?|one|two|several|every|each) :: subject first
'

# EXPRESSION :: why it is plain English although a pattern matches it. The letters are small, whatever the text has.
allowed='
behind (an?|the) ([a-z]+ )?(proxy|firewall|gateway|nat)  :: a place in a network
(is|are|was|were|be) no (longer|more|less|fewer|later)   :: an adverb
there (is|are|was|were|will be|must be|can be) (no|none) :: "there" is the subject: "there is no default"
(is|are|was|were) there (no|none)                        :: the same in another order
(what|where)ever the                                     :: "whatever the status" is an adverbial, not a subject
where (possible|available|applicable)                    :: a short form that everybody writes
'

texts() {
    find man -name '*.1'
    find .github -name '*.md'
    find completions -type f
    find cli lib -name '*.h' -o -name '*.cpp'
    find tests -name '*.cpp'
    echo README.md
}

# The program below is awk: its dollars are its own. In the C locale every awk counts bytes.
# shellcheck disable=SC2016
texts | LC_ALL=C xargs awk -v patterns="$patterns" -v allowed="$allowed" '
    function trimmed(text) {
        gsub(/^[ \t]+|[ \t]+$/, "", text)
        return text
    }

    # The text of equal length in which the pieces that match are crossed out, so that places in it stay true.
    function crossed_out(text, expression,    crosses) {
        while (match(text, expression)) {
            crosses = substr(text, RSTART, RLENGTH)
            gsub(/./, "~", crosses)
            text = substr(text, 1, RSTART - 1) crosses substr(text, RSTART + RLENGTH)
        }
        return text
    }

    function report(name, place,    i) {
        for (i = pieces; i > 1 && piece_at[i] > place; i--) {
        }
        if (reported[piece_line[i]] != name) {
            print file ":" piece_line[i] ": " name ": " trimmed(piece_source[i])
            reported[piece_line[i]] = name
        }
        faults++
    }

    # True if the sentence around that place ends with a question mark.
    function is_question(place,    rest) {
        rest = substr(text, place)
        return match(rest, /[.!?;]( |$)/) && substr(rest, RSTART, 1) == "?"
    }

    function find_all(haystack, name, expression, begins_sentence,    passed, first, last) {
        while (match(substr(haystack, passed + 1), expression)) {
            first = passed + RSTART + 1
            last = passed + RSTART + RLENGTH - 1
            if (!begins_sentence) {
                report(name, first)
            } else if (!is_question(last)) {
                report(name, last)
            }
            passed = last
        }
    }

    # Finds the patterns in the paragraph that was gathered.
    function judge(    i, small, clauses, at) {
        small = tolower(text)
        if (small !~ any_word && small !~ any_start) {
            return
        }
        for (i = 1; i <= allowed_count; i++) {
            small = crossed_out(small, allowed_expression[i])
        }
        # In a comment only a capital begins a sentence, because many are fragments; elsewhere the beginning of a literal or
        # an entry does, and in a literal so does a colon: "subject: what it does".
        clauses = kind == "comment" ? text : toupper(substr(text, 1, 1)) substr(text, 2)
        while (match(clauses, kind == "string" ? "[;:] +[a-z]" : "; +[a-z]")) {
            at = RSTART + RLENGTH - 1
            clauses = substr(clauses, 1, RSTART - 1) "." substr(clauses, RSTART + 1, RLENGTH - 2) \
                toupper(substr(clauses, at, 1)) substr(clauses, at + 1)
        }
        for (i = 1; i <= length(clauses); i++) {
            if (substr(small, i, 1) == "~") {
                clauses = substr(clauses, 1, i - 1) "~" substr(clauses, i + 1)
            }
        }
        for (i = 1; i <= count; i++) {
            find_all(starts[i] ? clauses : small, names[i], expressions[i], starts[i])
        }
    }

    # Ends the paragraph.
    function flush() {
        if (pieces > 0) {
            judge()
        }
        pieces = 0
        text = ""
        kind = ""
    }

    # Adds to the paragraph what the current line holds of it.
    function add(piece, joint) {
        if (pieces > 0) {
            text = text joint
        }
        piece_at[++pieces] = length(text) + 1
        piece_line[pieces] = FNR
        piece_source[pieces] = $0
        text = text piece
    }

    function begin(new_kind) {
        if (kind != new_kind) {
            flush()
            kind = new_kind
        }
    }

    function read_manual(line,    is_heading) {
        is_heading = line ~ /^[.](It|Sh|Ss|Nd|Dl)/
        if (is_heading || line ~ /^[.](Pp|Bl|El|Bd|Ed)/ || line ~ /^[.]?$/) {
            flush()
        }
        sub(/^[.](Bl|Bd).*/, "", line)
        sub(/^[.][A-Z][a-z]( |$)/, "", line)
        line = trimmed(line)
        if (line != "" && line !~ /^[.]\\"/) {
            add(line, " ")
        }
        if (is_heading) {
            flush()
        }
    }

    function read_markdown(line) {
        if (line ~ /^ *$/ || line ~ /^ *([-*#|>]|[0-9]+[.]) / || line ~ /^    /) {
            flush()
        }
        sub(/^ *([-*#|>]+|[0-9]+[.]) +/, "", line)
        line = crossed_out(trimmed(line), "`[^`]*`")
        gsub(/[|]/, ".", line)
        if (line != "") {
            add(line, " ")
        }
    }

    function read_script(line) {
        if (line ~ /^[ \t]*#/) {
            sub(/^[ \t]*#+ */, "", line)
            add(trimmed(line), " ")
        } else {
            flush()
        }
    }

    # A literal as it is read, every escape two places wide; a line break ends a sentence.
    function read_literal(literal) {
        gsub(/\\n/, ". ", literal)
        gsub(/\\"/, " \"", literal)
        if (!in_tests || in_case) {
            begin("string")
            add(literal, "")
        }
    }

    function read_raw_line(line) {
        if (!in_tests || in_case) {
            begin("raw")
            if (line ~ /^[ \t]*$/) {
                flush()
            } else {
                sub(/^[ \t]*#+ */, "", line)
                add(trimmed(line), " ")
            }
        }
    }

    function read_comment(comment) {
        comment = trimmed(comment)
        if (in_tests || comment == "") {
            flush()
            return
        }
        begin("comment")
        add(comment, " ")
    }

    function read_cpp(line,    before, token, end, has_code) {
        if (line ~ /^[ \t]*#[ \t]*(include|pragma)/ || line ~ /^[ \t]*$/ && raw_end == "") {
            flush()
            return
        }
        in_case = in_case || line ~ /TEST_CASE(_FIXTURE)?[(]/
        while (line != "") {
            if (raw_end != "" || in_block) {
                end = raw_end != "" ? raw_end : "*/"
                before = index(line, end)
                token = before ? substr(line, 1, before - 1) : line
                if (raw_end != "") {
                    read_raw_line(token)
                } else {
                    read_comment(token)
                }
                if (!before) {
                    return
                }
                flush()
                line = substr(line, before + length(end))
                raw_end = ""
                in_block = 0
            }
            if (!match(line, /["\047]|\/\/|\/[*]/)) {
                if (line ~ /[^ \t]/) {
                    flush()
                }
                break
            }
            before = substr(line, 1, RSTART - 1)
            token = substr(line, RSTART, RLENGTH)
            line = substr(line, RSTART)
            if (before ~ /[^ \t]/) {
                flush()
                has_code = 1
            }
            if (token == "//") {
                read_comment(substr(line, 3))
                if (has_code) {
                    flush()
                }
                break
            } else if (token == "/*") {
                in_block = 1
                line = substr(line, 3)
            } else if (token == "\"" && before ~ /R$/ && match(line, /^"[^ ()\\]*[(]/)) {
                raw_end = ")" substr(line, 2, RLENGTH - 2) "\""
                line = substr(line, RLENGTH + 1)
            } else if (token == "\"" && match(line, /^"([^"\\]|\\.)*"/)) {
                token = substr(line, 2, RLENGTH - 2)
                line = substr(line, RLENGTH + 1)
                read_literal(token)
            } else if (before !~ /[0-9a-fA-F]$/ && match(line, /^\047([^\047\\]|\\.[0-9a-fA-F]*)\047/)) {
                flush()
                line = substr(line, RLENGTH + 1)
            } else {
                line = substr(line, 2)
            }
        }
        if (in_case && $0 ~ /[{]/) {
            in_case = 0
        }
    }

    BEGIN {
        lines_count = split(patterns, lines, "\n")
        for (i = 1; i <= lines_count; i++) {
            if (split(lines[i], parts, " +:: +") == 3) {
                names[++count] = trimmed(parts[1])
                starts[count] = parts[2] ~ /^\^/
                if (starts[count]) {
                    expressions[count] = "(^|[.!?:][\"\047)]* +)" substr(parts[2], 2)
                    # To see fast that nothing matches: the text is in small letters, and has semicolons still.
                    any_start = any_start (any_start == "" ? "" : "|") \
                        "(^|[.!?:;][\"\047)]* +)" tolower(substr(parts[2], 2))
                } else {
                    expressions[count] = "(^|[^a-z0-9_${-])(" parts[2] ")([^a-z0-9_=]|$)"
                    any_word = any_word (any_word == "" ? "" : "|") expressions[count]
                }
            }
        }
        lines_count = split(allowed, lines, "\n")
        for (i = 1; i <= lines_count; i++) {
            if (split(lines[i], parts, " +:: +") == 2) {
                allowed_expression[++allowed_count] = parts[1]
            }
        }
    }

    FNR == 1 {
        flush()
        file = FILENAME
        in_tests = file ~ /^tests\//
        in_case = 0
        in_block = 0
        raw_end = ""
        split("", reported)
    }

    FILENAME ~ /[.]1$/ {
        read_manual($0)
        next
    }

    FILENAME ~ /[.]md$/ {
        read_markdown($0)
        next
    }

    FILENAME ~ /[.](h|cpp)$/ {
        read_cpp($0)
        next
    }

    {
        read_script($0)
    }

    END {
        flush()
        exit faults > 0
    }
' || exit 1
