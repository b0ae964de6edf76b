# fish completion of tokenleash.
function __tokenleash_candidates
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l typed $words
    set -e typed[1]
    set -l directive none
    for line in (command tokenleash __complete $typed "=$current" 2>/dev/null)
        if string match -q ':*' -- $line
            set directive (string sub -s 2 -- $line)
        else
            echo $line
        end
    end
    switch $directive
        case files
            __fish_complete_path "$current"
        case 'command *'
            set -l first (math (string replace 'command ' '' -- $directive) + 1)
            set -l rest
            test (count $words) -ge $first; and set rest (string escape -- $words[$first..-1])
            complete -C (string join ' ' -- $rest "$current")
    end
end
complete -c tokenleash -e
complete -c tokenleash -f -a '(__tokenleash_candidates)'
