# bash completion of hail, made by: hail --completion bash

_hail() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} options=''
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W ' help --help --version --completion' -- "$cur")
        return
    fi
    case ${COMP_WORDS[1]} in
    --completion) options='bash zsh fish' ;;
    help) options='' ;;
    esac
    if [[ $cur == -* || ${COMP_WORDS[1]} == help || ${COMP_WORDS[1]} == --completion ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    fi
}
complete -o default -F _hail hail
