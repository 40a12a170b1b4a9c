# fish completion of hail, made by: hail --completion fish

complete -c hail -n __fish_use_subcommand -f -l help -s h -d 'Help'
complete -c hail -n __fish_use_subcommand -f -l version -s V -d 'Versions'
complete -c hail -n __fish_use_subcommand -f -l completion -r -a 'bash zsh fish' -d 'A completion script'
