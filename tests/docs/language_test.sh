#!/bin/sh
# Sees every pattern of language.sh find a planted sentence, in every kind of text that it reads, and leave good English
# and code alone.
#
# Usage:   sh tests/docs/language_test.sh
# Shape:   silent and 0 when every planted sentence was found and nothing else was; else one line each, and 1.
set -eu

here=$(cd -- "$(dirname -- "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$tree/man" "$tree/.github" "$tree/completions" "$tree/cli" "$tree/lib" "$tree/tests"
echo '# hail' >"$tree/README.md"
tried=$tree/tried
wrong=0

# plant FILE LINE...: the text as that file; leaves the output of language.sh in $found.
plant() {
    planted=$1
    shift
    cp "$tree/README.md" "$tree/kept"
    printf '%s\n' "$@" >"$tree/$planted"
    found=$(sh "$here/language.sh" "$tree") && status=0 || status=$?
    rm "$tree/$planted"
    mv "$tree/kept" "$tree/README.md"
}

# fault NAME LINE_NUMBER FILE LINE...: the pattern of that name must match there.
fault() {
    name=$1
    line=$2
    shift 2
    echo "$name" >>"$tried"
    plant "$@"
    case "$status
$found" in
        "1
"*"$planted:$line: $name: "*) ;;
        *) echo "not found: $name: $*" && wrong=1 ;;
    esac
}

# fine FILE LINE...: nothing may match.
fine() {
    plant "$@"
    [ "$status" = 0 ] || { echo "found without cause: $found" && wrong=1; }
}

# Each pattern, as a comment.
sentence() {
    fault "$1" 1 lib/planted.h "// $2"
}

sentence 'behind' 'The port behind the host.'
sentence 'is no' 'The value is no number.'
sentence 'is none' 'A header that is none.'
sentence 'a line each' 'Prints the values, a line each.'
sentence 'a message a line' 'Reads messages, a message a line.'
sentence 'go on with' 'The download is gone on with.'
sentence 'told of' 'A lost connection is told of.'
sentence 'parted' 'Words are parted by blanks.'
sentence 'whoever' 'Kept for whoever reads it.'
sentence 'nothing without' 'The option is nothing without --items.'
sentence 'of ours' 'Leaves out one of ours.'
sentence 'goes before' 'The command line goes before the file.'
sentence 'and so it is' 'The name is counted up, and so it is for parts.'
sentence 'and so is one' 'A cut reply is unknown, and so is one without an end.'
sentence 'be it' 'It is kept, be it a header or a cookie.'
sentence 'nothing to be' 'There it is nothing to be seen.'
sentence 'that is there' 'Replaces the file that is there.'
sentence 'is there already' 'The file is there already.'
sentence 'as soon as there' 'Printed as soon as a record is there.'
sentence 'at the most' 'Ten at the most.'
sentence 'be had' 'A page that cannot be had.'
sentence 'without a word' 'Reopened without a word.'
sentence 'words for people' 'The rest is words for people.'
sentence 'as it stood' 'Printed as it stood.'
sentence 'taken to have' 'A silent server is taken to have said no.'
sentence 'said not to be' 'The list is said not to be whole.'
sentence 'and its like' 'Error(client_error) and its like.'
sentence 'stands there' 'The name stands in the table.'
sentence 'mends it' 'A chmod mends it.'
sentence 'I know' 'This is not a shell I know.'
sentence 'give X up' 'Gives --until up after an hour.'
sentence 'What' 'What is typed is kept.'
sentence 'Where' 'Where it is empty, the default is used.'
sentence 'Whoever' 'Who holds the lock may write.'
sentence 'Of what' 'Of two replies, the later.'

# Every pattern of language.sh was tried above.
sed -n "/^patterns='/,/^'/s/ *:: .*::.*//p" "$here/language.sh" | while read -r name; do
    grep -qxF -e "$name" "$tried" || echo "no planted sentence: $name"
done >"$tree/untried"
[ ! -s "$tree/untried" ] || { cat "$tree/untried" && wrong=1; }

# Each kind of text.
fault 'told of' 2 man/planted.1 '.Sh DESCRIPTION' 'A lost connection is told of.'
fault 'told of' 4 man/planted.1 'A lost connection' 'of' '.Fl -wait' 'is told' 'of at once.'
fault 'What' 2 man/planted.1 '.It Fl -pick Ar PATH' 'what the path picks' '.El'
fault 'behind' 3 README.md '# hail' '' 'A port stands behind the host.'
fault 'a line each' 1 README.md '    hail rest :8080 --pick a   # the values, a line each'
fault 'What' 1 README.md '| code | What is typed wins |'
fault 'What' 2 .github/planted.md '- One rule.' '- What is typed wins.'
fault 'parted' 1 completions/hail.fish '# The words, parted by blanks.'
fault 'is none' 1 cli/planted.cpp 'f("option --key: an empty key is none");'
fault 'is no' 1 cli/planted.cpp 'f("the body is "' '  "no JSON");'
fault 'is no' 1 cli/planted.cpp "f(c == '\"', \"'\" + name + \"' is no name\");"
fault 'Where' 1 cli/planted.cpp 'f("where the text is empty, leave it out");'
fault 'Where' 1 cli/planted.cpp 'f("first line\nWhere it is empty, leave it out");'
fault 'told of' 2 cli/planted.cpp 'f(R"(A line.' 'A lost connection is told of.' ')");'
fault 'go on with' 1 lib/planted.cpp '// The download is gone' '// on with.'
fault 'What' 1 lib/planted.cpp 'int a = 1;  // one; what is more is cut'
fault 'behind' 1 lib/planted.cpp 'f(/* behind */ 1);'
fault 'behind' 2 tests/planted_test.cpp 'TEST_CASE(' '    "url: the port behind the host") {'

fault 'What' 1 tests/planted_test.cpp 'TEST_CASE("url: what follows the host is kept") {'

# Plain English, and code.
fine lib/planted.h '// A server behind a proxy is no longer slow: there is no limit, and there are none to come.'
fine lib/planted.h '// How long to wait. What is a token? Where possible, a name.'
fine lib/planted.h '// An empty line is a message, and so is a last line without its end.'
fine lib/planted.h '// One second a request may wait; ten times a second, it is asked. So they are kept.'
fine lib/planted.h '// First half of one sentence: gone' '' '// on with another.'
fine lib/planted.cpp 'enum class Begin { anew, behind };' 'parted(whoever);  // a call' "char c = '\\''; int n = 1'000'000; behind();"
fine lib/planted.cpp '#include "lib/behind.h"' 'f("gone", "on with");'
fine tests/planted_test.cpp 'TEST_CASE("url: the port comes after the host") {' '    CHECK(f("behind"));  // whoever' '}'
fine completions/hail.bash 'local parted=behind'
# shellcheck disable=SC2016 # backticks of Markdown
fine .github/planted.md 'Write "after", not `behind`, and never `What is typed wins`.'
fine man/planted.1 '.\" behind' '.Dl hail rest :8080'

exit "$wrong"
