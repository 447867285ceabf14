# Completion of `ringbook` for bash: the program knows its commands and flags; where it offers
# nothing, files are offered.
_ringbook() {
  mapfile -t COMPREPLY < <("$1" complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _ringbook ringbook
