#!/bin/sh
# For docker-compose.yml: refuse its own passwords where others than this machine reach the ports,
# and everywhere those that would not arrive as they are.
#
# COMMANDPOST_BIND is the address of the ports; of each COMMANDPOST_*_PASSWORD, nothing stands for
# what docker-compose.yml has. Status 1 and a line that names those to be set, or status 0.
set -eu
known= unfit=
for user in ADMIN APP ANSWERS PUBLISHER SERVICES READER DATABASE DATABASE_ADMIN; do
  name=COMMANDPOST_${user}_PASSWORD
  eval "password=\${$name:-}"
  case "$password" in
    "" | *-of-commandpost) known="$known $name" && continue ;;
  esac
  case "$password" in # which stands in URLs
    *[!A-Za-z0-9_-]*) unfit="$unfit $name" ;;
    ????????*) ;;
    *) unfit="$unfit $name" ;;
  esac
done
if [ -n "$unfit" ]; then
  echo "commandpost: at least 8 letters and digits are needed (also - and _):$unfit" >&2
  exit 1
fi
case "${COMMANDPOST_BIND:-127.0.0.1}" in
  127.* | ::1 | "[::1]") exit 0 ;;
esac
[ -n "$known" ] || exit 0
echo "commandpost: others can reach COMMANDPOST_BIND=$COMMANDPOST_BIND, and everybody knows the" \
  "passwords of docker-compose.yml. Set to letters and digits of your own:$known" >&2
exit 1
