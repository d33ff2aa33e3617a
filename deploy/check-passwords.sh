#!/bin/sh
# For docker-compose.yml: refuse its passwords where others than this machine reach the ports.
#
# COMMANDPOST_BIND is the address of the ports; of each COMMANDPOST_*_PASSWORD, nothing stands for
# what docker-compose.yml has. Status 1 and a line that names those to be set, or status 0.
set -eu
case "${COMMANDPOST_BIND:-127.0.0.1}" in
  127.* | ::1 | "[::1]") exit 0 ;;
esac
known=
for user in ADMIN APP ANSWERS PUBLISHER SERVICES READER DATABASE; do
  eval "password=\${COMMANDPOST_${user}_PASSWORD:-}"
  case "$password" in
    "" | *-of-commandpost) known="$known COMMANDPOST_${user}_PASSWORD" ;;
  esac
done
[ -n "$known" ] || exit 0
echo "commandpost: others can reach COMMANDPOST_BIND=$COMMANDPOST_BIND, and everybody knows the" \
  "passwords of docker-compose.yml. Set to letters and digits of your own:$known" >&2
exit 1
