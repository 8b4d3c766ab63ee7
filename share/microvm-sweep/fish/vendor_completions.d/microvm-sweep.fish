# Generated from templates/completion-fish.hbs by src/codegen: do not edit, run "npm run codegen".
# Completion of microvm-sweep for fish. The program itself knows what fits.
function _microvm_sweep
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l token (commandline --current-token --cut-at-cursor)
    set -l answer (microvm-sweep complete $words[2..-1] "$token" 2> /dev/null)
    if test "$answer" = /
        set -l option (string match --regex -- '^--[^=]*=' "$token")
        for path in (__fish_complete_path (string replace -- "$option" '' "$token"))
            echo "$option$path"
        end
    else
        string collect -- $answer
    end
end
complete --command microvm-sweep --no-files --arguments '(_microvm_sweep)'
