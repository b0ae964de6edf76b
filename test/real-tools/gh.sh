#!/bin/sh
# Stands in for gh. It takes `gh secret set NAME` with the secret on its input and nothing else, and puts it into
# $GH_SECRETS/NAME. Like gh, it drops line breaks at the end.
if [ "$#" -ne 3 ] || [ "$1 $2" != "secret set" ]; then
  echo "gh: these arguments were not expected: $*" >&2
  exit 2
fi
case "$3" in
  *[!A-Z0-9_]* | [0-9]* | GITHUB_*)
    echo "gh: GitHub takes no secret named $3" >&2
    exit 2
    ;;
esac
if [ -t 0 ]; then
  echo "gh: nothing on the input" >&2
  exit 2
fi
secret=$(cat)
printf %s "$secret" > "$GH_SECRETS/$3"
