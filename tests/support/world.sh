#!/bin/bash
# Runs a command as root of namespaces of its own, where the world is two servers and what they are
# called: usage: world.sh FOLDER COMMAND...
#
# names.json in FOLDER says which address a name has. 192.0.2.80 and 192.0.2.81 answer HTTP at ports
# 80 and 8080, and TLS at 443, with their address; 192.0.2.53 answers names. FOLDER gets "asked", the
# names that were asked for.
set -e
here=$(dirname "$0")
if [ "$1" != --inside ]; then
  exec unshare --map-auto --map-root-user --net --mount --pid --fork --kill-child --mount-proc \
    bash "$0" --inside "$@"
fi
folder=$2
shift 2

touch "$folder/world.log"
unshare --net python3 "$here/world.py" "$folder" >"$folder/world.log" 2>&1 &
until grep -q started "$folder/world.log"; do sleep 0.05; done
ip link set lo up
ip link add world type veth peer name host netns $!
ip addr add 192.0.2.1/24 dev world
ip link set world up
ip route add default via 192.0.2.53
touch "$folder/linked"
until grep -q serving "$folder/world.log"; do sleep 0.05; done
echo nameserver 192.0.2.53 >"$folder/resolv.conf"
mount --bind "$folder/resolv.conf" /etc/resolv.conf
"$@"
