# Types at bash and zsh on a terminal, presses the tab key, and compares the words that a command would get.
#
# Usage:   zsh -f tests/docs/type.zsh COMPLETIONS     in a folder with file.json; silent and 0 when all is well.

zmodload zsh/zpty
failed=0

# Reads until that text has come.
await() {
    local piece
    zpty -r $1 piece "*$2*" || { print -u2 "completions: $1 ended"; exit 1 }
    came=$piece
}

# types SHELL TYPED WORDS: what is typed becomes the words.
types() {
    zpty -w -n $1 "$2"$'\n'
    await $1 '<END>'
    [[ $came == *"<$3><END>"* ]] || { print -u2 -r "completions: $1: $(printf %q $2) is not $3 but ${(q)came}"; failed=1 }
}

zpty bash "bash --norc --noprofile -i"
zpty -w bash "bind 'set enable-bracketed-paste off'; hail() { printf '<%s><END>\n' \"\$*\"; }; source $1/hail.bash; PS1='REA''DY '; stty -echo"
await bash 'READY '
zpty zsh "zsh -f -i"
zpty -w zsh "unset zle_bracketed_paste; fpath=($1 \$fpath); autoload -U compinit; compinit -D -u; hail() { print -r -- \"<\$*><END>\" }; PS1='REA''DY '; stty -echo"
await zsh 'READY '

for shell in bash zsh; do
    types $shell $'hail re\t:8080/x' 'rest :8080/x'
    types $shell $'hail rest PATC\t:8080/x' 'rest PATCH :8080/x'
    types $shell $'hail rest :8080/x Content-Ty\tx' 'rest :8080/x Content-Type:x'
    types $shell $'hail rest :8080/x name=@file.j\t' 'rest :8080/x name=@file.json'
    types $shell $'hail rest :8080/x name:=@file.j\tb=1' 'rest :8080/x name:=@file.json b=1'
    types $shell $'hail rest :8080/x @file.j\t' 'rest :8080/x @file.json'
    types $shell $'hail rest PUT :8080/x f@file.j\t' 'rest PUT :8080/x f@file.json'
    types $shell $'hail rest --color nev\t:8080' 'rest --color never :8080'
    types $shell $'hail batch :8080 file.j\t' 'batch :8080 file.json'
    types $shell $'hail rpc :8080/x aria2.addU\t' 'rpc :8080/x aria2.addUri'
done
exit $failed
