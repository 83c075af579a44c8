# fish completion of sbx; made by `sbx completion fish`
function __sbx_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (sbx __complete -- $words[2..-1] 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path (commandline -ct)
            case ':directories'
                __fish_complete_directories (commandline -ct)
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c sbx -f -a '(__sbx_complete)'
