# shellcheck shell=bash
# The word that somebody may have meant, for messages of microvm-sweep. It is not in common.bash: `act` does not use it.
# shellcheck disable=SC2034 # The other parts read `nearest`.

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
