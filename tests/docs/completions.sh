#!/bin/sh
# The completion scripts work in their shells: each is loaded, and bash and fish are asked what they would offer.
#
# Usage:   sh tests/docs/completions.sh     Shape: silent and 0 when all is well; needs bash, zsh and fish.
set -eu

cd -- "$(dirname -- "$0")/../../completions"

fail() {
    printf 'completions: %s\n' "$1" >&2
    exit 1
}

# offers SHELL WANTED GOT
offers() {
    case " $(printf '%s' "$3" | tr '\n' ' ') " in
    *" $2 "*) ;;
    *) fail "$1 does not offer $2 but: $3" ;;
    esac
}

# bash_offers INDEX WORD...: what is offered for the word at that index.
bash_offers() {
    # shellcheck disable=SC2016
    bash -c 'source ./hail.bash; COMP_CWORD=$1; shift; COMP_WORDS=("$@"); _hail; printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}

offers bash rest "$(bash_offers 1 hail re)"
offers bash --connect-timeout "$(bash_offers 2 hail rest --conn)"
offers bash never "$(bash_offers 3 hail rpc --color n)"
offers bash hail.fish "$(bash_offers 3 hail batch -o hail.f)"
offers bash zsh "$(bash_offers 2 hail --completion z)"

zsh -n ./_hail || fail 'zsh does not read _hail'

# fish prints "offer<TAB>description".
fish_offers() {
    fish -c "source ./hail.fish; complete -C '$1'" | cut -f 1
}

offers fish subscribe "$(fish_offers 'hail sub')"
offers fish --cacert "$(fish_offers 'hail publish --cac')"
offers fish always "$(fish_offers 'hail rest --color al')"
