#compdef tokenleash
# zsh completion of tokenleash: sourced after compinit, or a file _tokenleash on $fpath.
_tokenleash() {
  local line directive=none
  local -a candidates
  while IFS= read -r line; do
    case "$line" in
      :*) directive="${line#:}" ;;
      *) candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
    esac
  done < <(command tokenleash __complete "${(@Q)words[2,CURRENT-1]}" "=${(Q)PREFIX}" 2>/dev/null)
  if [[ "$directive" == command\ * ]]; then
    local first="${directive#command }"
    shift "$first" words
    (( CURRENT -= first ))
    _normal
  elif [[ "$directive" == files ]]; then
    _files
  elif (( ${#candidates} )); then
    _describe -t values tokenleash candidates
  fi
}
if [[ "${funcstack[1]}" == _tokenleash ]]; then
  _tokenleash "$@"
elif (( $+functions[compdef] )); then
  compdef _tokenleash tokenleash
else
  print -u2 'tokenleash: Completion of zsh is not switched on. Before this, type: autoload -Uz compinit && compinit'
fi
