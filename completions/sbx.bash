# bash completion of sbx; made by `sbx completion bash`
_sbx() {
    local cur words=() line candidates=()
    cur=${COMP_LINE:0:COMP_POINT}
    if declare -F _get_comp_words_by_ref >/dev/null; then
        local cword
        _get_comp_words_by_ref -n "=:@" cur words cword
        words=("${words[@]:1:cword}")
    else
        words=("${COMP_WORDS[@]:1:COMP_CWORD}")
        cur=${COMP_WORDS[COMP_CWORD]}
    fi
    while IFS= read -r line; do
        case $line in
            :files) compopt -o filenames; mapfile -t -O "${#candidates[@]}" candidates < <(compgen -f -- "$cur") ;;
            :directories) compopt -o filenames; mapfile -t -O "${#candidates[@]}" candidates < <(compgen -d -- "$cur") ;;
            *) candidates+=("${line%%$'\t'*}") ;;
        esac
    done < <("${COMP_WORDS[0]}" __complete -- "${words[@]}" 2>/dev/null)
    COMPREPLY=("${candidates[@]}")
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:,/] ]] && compopt -o nospace
    declare -F __ltrim_colon_completions >/dev/null && __ltrim_colon_completions "$cur"
    return 0
}
complete -F _sbx sbx
