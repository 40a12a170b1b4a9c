#!/bin/sh
# The completion scripts work in their shells: each is loaded and asked what it would offer, and at last bash and zsh are
# typed at on a terminal.
#
# Usage:   sh tests/docs/completions.sh     Shape: silent and 0 when all is well; needs bash, zsh and fish.
set -eu

cd -- "$(dirname -- "$0")/../../completions"
completions=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# Stands for hail: it has kept the methods of one address.
mkdir bin
cat >bin/hail <<'END'
#!/bin/sh
case "$*" in
    'rpc :8080/x --list --cached') printf 'aria2.addUri\naria2.getVersion\n' ;;
    *) exit 66 ;;
esac
END
chmod +x bin/hail
PATH=$PWD/bin:$PATH
touch file.json 'two words.txt'
mkdir files

fail() {
    printf 'completions: %s\n' "$1" >&2
    exit 1
}

# bash_offers WORD...: what bash offers for the last word, with the words split as readline splits them.
bash_offers() {
    # shellcheck disable=SC2016
    bash -c '
        source "$0/hail.bash"
        COMP_LINE="$*" COMP_POINT=${#COMP_LINE} COMP_WORDS=()
        for word in "$@"; do
            while [[ $word =~ ^([:=@]+|[^:=@]+)(.+)$ ]]; do
                COMP_WORDS+=("${BASH_REMATCH[1]}")
                word=${BASH_REMATCH[2]}
            done
            COMP_WORDS+=("$word")
        done
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMP_WORDBREAKS="${COMP_WORDBREAKS//@/}@"
        _hail
        printf "%s\n" "${COMPREPLY[@]}"' "$completions" "$@"
}

# fish prints "offer<TAB>description".
fish_offers() {
    fish -c "source $completions/hail.fish; complete -C '$*'" | cut -f 1
}

# offers SHELL WANTED WORD...: what is wanted is among what is offered for the last word.
offers() {
    shell=$1 wanted=$2
    shift 2
    got=$("${shell}_offers" "$@")
    printf '%s\n' "$got" | grep -qxF -e "$wanted" || fail "$shell does not offer $wanted for '$*' but: $got"
}

# refuses SHELL UNWANTED WORD...
refuses() {
    shell=$1 unwanted=$2
    shift 2
    got=$("${shell}_offers" "$@")
    ! printf '%s\n' "$got" | grep -qxF -e "$unwanted" || fail "$shell offers $unwanted for '$*'"
}

# In bash what is offered stands for what follows the last : or = or begins with the last @, in fish for the whole word.
for shell in bash fish; do
    offers "$shell" rest hail re
    offers "$shell" --connect-timeout hail rest --conn
    offers "$shell" never hail rpc --color n
    offers "$shell" file.json hail rest -o fil
    offers "$shell" zsh hail --completion z
    offers "$shell" POST hail rest PO
    offers "$shell" DELETE hail rest del
    offers "$shell" POST hail rest -f PO
    offers "$shell" POST hail rest --timeout 2s PO
    offers "$shell" PATCH hail rest -X pat
    offers "$shell" Content-Type: hail rest :8080/x Content-T
    offers "$shell" Content-Type: hail rest POST :8080/x content-t
    offers "$shell" User-Agent: hail rest :8080/x -H User
    offers "$shell" file.json hail batch :8080 fil
    offers "$shell" aria2.getVersion hail rpc :8080/x aria2.get
    offers "$shell" aria2.getVersion hail rpc -r :8080/x aria2.get
    offers "$shell" aria2.addUri hail rpc :8080/x --describe aria2.add
    refuses "$shell" aria2.addUri hail rpc :8080/y aria2.
    refuses "$shell" file.json hail rest fil
    refuses "$shell" file.json hail rest POST fil
    refuses "$shell" POST hail rest :8080/x PO
    refuses "$shell" Content-Type: hail rest POST Content-T
    refuses "$shell" file.json hail publish localhost fil
done

offers bash @file.json hail rest :8080/x @fil
offers bash @file.json hail rest :8080/x name@fil
offers bash @file.json hail rest :8080/x name=@fil
offers bash @file.json hail rest :8080/x name:=@fil
offers bash @files/ hail rest :8080/x @fil
offers bash '@two\ words.txt' hail rest :8080/x @two
offers bash @file.json hail rest :8080/x -d @fil
offers bash @file.json hail rest :8080/x -u ann:@fil
offers bash @file.json hail rpc :8080 add a=@fil
offers bash never hail rest --color=n
refuses bash file.json hail rest :8080/x name=fil

offers fish @file.json hail rest :8080/x @fil
offers fish name@file.json hail rest :8080/x name@fil
offers fish name=@file.json hail rest :8080/x name=@fil
offers fish name:=@file.json hail rest :8080/x name:=@fil
offers fish @files/ hail rest :8080/x @fil
offers fish @file.json hail rest :8080/x -d @fil
offers fish ann:@file.json hail rest :8080/x -u ann:@fil
offers fish a=@file.json hail rpc :8080 add a=@fil

# On a terminal: what is typed, with a tab in it, and the words that hail would get.
zsh -f "$completions/../tests/docs/type.zsh" "$completions"
