# curl, as a person types it.
set -eu
flags="$UNLEASH_URL/api/admin/projects/default/features"
ask() { curl --silent --show-error --fail-with-body --header "Authorization: $UNLEASH_PAT" "$@"; }
ask "$flags" | grep --quiet '"features"' && echo listed
ask --json "{\"name\":\"$1\"}" "$flags" | grep --quiet "\"$1\"" && echo created
ask "$flags/$1" | grep --quiet "\"$1\"" && echo read
ask --request DELETE "$flags/$1" && echo archived
