# Completion of the command csocket for bash; `csocket complete` knows the words.

_csocket() {
    local words=() current word line

    # bash splits words at "=" and ":", which are parts of ours: put them together again.
    local i joins=
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $i -gt 0 && ($joins || $word =~ ^[=:]+$) ]]; then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
        joins=
        [[ $word =~ ^[=:]+$ ]] && joins=1
    done
    current=${words[${#words[@]} - 1]}
    # What readline replaces is only the part after the last of these characters.
    local replaced=${COMP_WORDS[COMP_CWORD]}
    [[ $replaced =~ ^[=:]+$ ]] && replaced=
    local kept=${current%"$replaced"}

    COMPREPLY=()
    while IFS=$'\t' read -r line _; do
        if [ "$line" = :files ]; then
            compopt -o filenames 2>/dev/null || :
            while read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$replaced")
            continue
        fi
        [ "${line: -1}" = = ] && { compopt -o nospace 2>/dev/null || :; }
        COMPREPLY+=("${line:${#kept}}")
    done < <("${words[0]}" complete -- "${words[@]}" 2>/dev/null)
}

complete -F _csocket csocket
