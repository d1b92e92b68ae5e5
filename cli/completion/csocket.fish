# Completion of the command csocket for fish; `csocket complete` knows the words.

function __csocket_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] complete -- $words 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end

complete -c csocket -f -a '(__csocket_complete)'
