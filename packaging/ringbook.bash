# Completion of `ringbook` for bash: the program knows what can stand where, and says where a file
# or a folder is meant.
_ringbook() {
  # After `>` and `<` a file of the shell's is meant.
  if [[ ${COMP_WORDS[COMP_CWORD - 1]} == *[\<\>]* ]]; then
    compopt -o default
    return
  fi
  # Bash breaks words at `:` and `=`, too; the program is given them whole, up to the cursor.
  local rest=${COMP_LINE:0:COMP_POINT} gap part i
  local -a words=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    gap=${rest%%[^[:space:]]*}
    rest=${rest#"$gap"}
    part=$rest
    ((i == COMP_CWORD)) || part=${COMP_WORDS[i]}
    if [[ $i -eq 0 || -n $gap ]]; then
      words+=("$part")
    else
      words[-1]+=$part
    fi
    rest=${rest#"$part"}
  done
  mapfile -t COMPREPLY < <("$1" complete "${words[@]:1}" 2>/dev/null)
  case ${COMPREPLY-} in
    :files*)
      COMPREPLY=()
      compopt -o default
      ;;
    :folders*)
      COMPREPLY=()
      compopt -o dirnames
      ;;
    *)
      # What ends in a colon goes on.
      [[ ${COMPREPLY-} != *: ]] || compopt -o nospace
      # Only the last of bash's own words is replaced.
      COMPREPLY=("${COMPREPLY[@]#"${words[-1]%"$2"}"}")
      ;;
  esac
}
complete -F _ringbook ringbook
