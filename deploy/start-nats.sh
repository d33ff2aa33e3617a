#!/bin/sh
# nats-server with our configuration and its data in $NATS_DATA: start-nats.sh CONFIG [FLAG...]
#
# Earlier releases had no accounts, and their log lies in the folder of the default one. It is
# moved, once: a server that does not find it would begin an empty log.
set -eu
former="$NATS_DATA/jetstream/\$G"
if [ -d "$former" ] && [ ! -e "$NATS_DATA/jetstream/COMMANDPOST" ]; then
  mv "$former" "$NATS_DATA/jetstream/COMMANDPOST"
fi
exec nats-server --config "$@"
