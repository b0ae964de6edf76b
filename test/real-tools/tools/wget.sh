# GNU wget.
set -eu
flags="$UNLEASH_URL/api/admin/projects/default/features"
ask() { wget --quiet --output-document=- --header="Authorization: $UNLEASH_AUTH_TOKEN" "$@"; }
ask "$flags" | grep -q '"features"' && echo listed
ask --method=POST --header='Content-Type: application/json' --body-data="{\"name\":\"$1\"}" "$flags" |
  grep -q "\"$1\"" && echo created
ask "$flags/$1" | grep -q "\"$1\"" && echo read
ask --method=DELETE "$flags/$1" && echo archived
