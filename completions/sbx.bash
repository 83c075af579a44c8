# bash completion of sbx; made by `sbx completion bash`
_sbx() {
    # The words as sbx gets them, up to the cursor. Bash parts them at "=" and ":", too.
    local rest=${COMP_LINE:0:COMP_POINT} blank word words=() i line candidates=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        blank=${rest%%[![:blank:]]*}
        rest=${rest#"$blank"}
        word=$rest
        ((i == COMP_CWORD)) || word=${COMP_WORDS[i]}
        if [[ $i -gt 0 && -z $blank ]]; then words[-1]+=$word; else words+=("$word"); fi
        rest=${rest#"$word"}
    done
    local cur=${words[-1]} path
    path=$cur
    [[ $cur == --*=* ]] && path=${cur#*=}
    while IFS= read -r line; do
        case $line in
            :files) compopt -o filenames; mapfile -t -O "${#candidates[@]}" candidates < <(compgen -f -- "$path") ;;
            :directories) compopt -o filenames; mapfile -t -O "${#candidates[@]}" candidates < <(compgen -d -- "$path") ;;
            *) candidates+=("${line%%$'\t'*}") ;;
        esac
    done < <("${words[0]}" __complete -- "${words[@]:1}" 2>/dev/null)
    # Bash replaces what stands behind the last of the characters that it parts words at.
    local behind=${cur##*["$COMP_WORDBREAKS"]}
    COMPREPLY=("${candidates[@]#"${cur%"$behind"}"}")
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:,/] ]] && compopt -o nospace
    return 0
}
complete -F _sbx sbx
