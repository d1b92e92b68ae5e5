# Completion of the command csocket for bash: commands, their options, names of socket options,
# constants and families.  The command itself tells them all; nothing is listed here twice.

_csocket_first_column() {
    "$1" "${@:2}" --no-headings 2>/dev/null | while read -r word _; do echo "$word"; done
}

_csocket_commands() {
    "$1" --help 2>/dev/null | sed -n '/^Commands:/,/^`/s/^ *\([a-z]\{1,\}\)  .*/\1/p'
}

_csocket_options() {
    "$1" "$2" --help 2>/dev/null | grep -oE -- '(^| )--[a-z0-9-]+[=[]?' | tr -d ' [' | sort -u
}

_csocket() {
    local program=${COMP_WORDS[0]} command=${COMP_WORDS[1]} word=${COMP_WORDS[COMP_CWORD]} words
    # "=" is a word of its own: --get=SO_ has the words --get, = and SO_.
    local option=${COMP_WORDS[COMP_CWORD - 1]}

    if [ "$option" = = ]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    elif [ "$word" = = ]; then
        word=
    fi
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        words=$(_csocket_commands "$program")
    else
        case $option in
        --get | --set | --describe | --watch) words=$(_csocket_first_column "$program" options) ;;
        --family) words=$(_csocket_first_column "$program" families) ;;
        --group) words=$(_csocket_first_column "$program" constants --groups) ;;
        *)
            case $command:$word in
            *:-*) words=$(_csocket_options "$program" "$command") ;;
            help:*) words=$(_csocket_commands "$program") ;;
            constants:?*) words=$(_csocket_first_column "$program" constants) ;;
            options:?*) words=$(_csocket_first_column "$program" options) ;;
            families:*) words=$(_csocket_first_column "$program" families) ;;
            esac
            ;;
        esac
    fi
    # Names may be given in lower case, as the command takes them.
    local name start=${word,,}
    while read -r name; do
        case ${name,,} in
        '') ;;
        "$start"*) COMPREPLY+=("$name") ;;
        esac
    done <<< "$words"
    case $option:${COMPREPLY[0]-} in
    --set:* | *=) compopt -o nospace 2>/dev/null || : ;; # a value follows
    esac
}

complete -F _csocket csocket
