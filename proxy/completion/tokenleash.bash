# bash completion of tokenleash; works without the package bash-completion too.
_tokenleash() {
  local line directive=none current="${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  # "=" breaks words in bash: in --profile=acme it is a word of its own.
  [[ "$current" == '=' ]] && current=''
  while IFS= read -r line; do
    case "$line" in
      :*) directive="${line#:}" ;;
      *) COMPREPLY+=("${line%%$'\t'*}") ;;
    esac
  done < <(command tokenleash __complete "${COMP_WORDS[@]:1:COMP_CWORD-1}" "=$current" 2>/dev/null)
  local first="${directive#command }"
  if [[ "$directive" == command\ * ]] && declare -F _command_offset >/dev/null; then
    _command_offset "$first"
  elif [[ "$directive" == command\ * && "$first" == "$COMP_CWORD" ]]; then
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -c -- "$current" | sort -u)
  elif [[ "$directive" != none ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
  fi
}
complete -F _tokenleash tokenleash
