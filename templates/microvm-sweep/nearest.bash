# shellcheck shell=bash
# Words for messages of microvm-sweep: the nearest one, and a name as one types it. `act` has no use for them, so they
# are not in common.bash.
# shellcheck disable=SC2034 # The other parts read `nearest` and `word`.

# Sets `nearest` to the word that shares the longest beginning with $1.
find_nearest() {
  local word length
  nearest=''
  for ((length = ${#1}; length > 0; length--)); do
    for word in "${@:2}"; do
      [[ $word == "${1:0:length}"* ]] || continue
      nearest=$word
      return
    done
  done
}

# Sets `word` to a name as one types it after other words of a command. A shell takes a backslash away.
find_word() {
  word=${1//\\/\\\\}
  [[ $1 != -* ]] || word="-- $word"
}
