# Runs one command for each line that it reads, and prints its status. /t/words has the command's words, /t/in its
# standard input; /t/out and /t/err get what it prints.
while read -r _; do
  mapfile -d '' -t words < /t/words
  "${words[@]}" < /t/in > /t/out 2> /t/err
  echo $?
done
