#!/usr/bin/env bash
# Tries the Debian package: installs, uses, upgrades, removes and purges it in a throwaway copy of
# this system (an overlay that ends with the test), with a network of its own.
# usage: tests/package/run.sh PACKAGE.deb    as root; ends with 0 when everything held.
set -euo pipefail

fail() {
  echo "package: FAILED: $*" >&2
  exit 1
}
expect() { # what it is about, what was got, what was wanted
  [[ $2 == "$3" ]] || fail "$1: got '$2' instead of '$3'"
}
passed() {
  echo "package: ok: $*"
}

# --- inside the copy --------------------------------------------------------------------------------

unit=/usr/lib/systemd/system/ringbook.service
conf=/etc/ringbook/ringbook.conf
data=/var/lib/ringbook

# Runs a command in the copy; after `as_user` as the service would: its user, no capabilities, and
# nothing that can be written but the data folder.
in_copy() { chroot "$copy" "$@"; }
# shellcheck disable=SC2016
as_user=(unshare --mount sh -euc '
  copy=$1 data=$2
  shift 2
  mount --bind "$copy$data" "$copy$data"
  mount -o remount,bind,ro "$copy"
  mount -o remount,bind,ro "$copy/run"
  exec chroot "$copy" setpriv --reuid ringbook --regid ringbook --clear-groups \
    --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
' sh "${2:-}/copy" "$data")

start_server() {
  # The command line of the unit.
  read -ra command < <(sed -n 's/^ExecStart=//p' "$copy$unit")
  : >"$work/log"
  "${as_user[@]}" "${command[@]}" 2>"$work/log" &
  server=$!
  for ((i = 0; i < 600; i++)); do
    if grep -q '"event":"listening"' "$work/log"; then
      return
    fi
    kill -0 "$server" 2>/dev/null || fail "the server does not start: $(cat "$work/log")"
    sleep 0.1
  done
  fail "the server does not listen: $(cat "$work/log")"
}

stop_server() {
  kill -TERM "$server"
  local status=0
  wait "$server" || status=$?
  expect "the end of the server" "$status" 0
}

# The status and the body of a request with an administrator's token.
ask() {
  local token
  token=$("${as_user[@]}" /usr/bin/ringbook token --config "$conf" 2>/dev/null)
  curl --silent --noproxy '*' --max-time 20 --write-out ' %{http_code}' \
    --header "Authorization: Bearer $token" --header 'Content-Type: application/json' "$@"
}

person=http://127.0.0.1:2000/v1/users/64b7f1a2e4b0a5d3f9c12345

# [PKG-1]
try_install() {
  in_copy dpkg --install /package.deb >"$work/out" 2>&1 || fail "install: $(cat "$work/out")"
  expect "the user" "$(in_copy sh -c 'getent passwd ringbook | cut -d : -f 6-')" \
    "/var/lib/ringbook:/usr/sbin/nologin"
  expect "the data folder" "$(in_copy stat -c '%U:%G %a' "$data")" "ringbook:ringbook 700"
  expect "the settings" "$(in_copy stat -c '%U:%G %a' "$conf")" "root:root 644"
  expect "conffiles" "$(in_copy dpkg-query -W -f '${Conffiles}' ringbook | awk '{print $1}')" "$conf"
  expect "what the service may not start with" "$(in_copy ldd /usr/bin/ringbook | grep 'not found' || true)" ""
  in_copy test -e /etc/systemd/system/multi-user.target.wants/ringbook.service || fail "not enabled"
  in_copy zcat /usr/share/man/man1/ringbook.1.gz | grep '^.SS "ringbook user add"' >/dev/null ||
    fail "the man page does not know the commands"
  # [OBS-3]
  expect "dashboard and alerts" "$(in_copy ls /usr/share/ringbook/monitoring | tr '\n' ' ')" \
    "ringbook.dashboard.json ringbook.rules.yml "
  # shellcheck disable=SC2016
  expect "completion" "$(in_copy bash -c 'source /usr/share/bash-completion/completions/ringbook
    COMP_LINE="ringbook user sh" COMP_POINT=16 COMP_WORDS=(ringbook user sh) COMP_CWORD=2
    _ringbook ringbook sh; echo "${COMPREPLY[*]}"')" show
  passed "installs, with user, data folder, settings, unit, man page, completion, dashboard and alerts"
}

# [PKG-2]
try_use() {
  start_server
  expect "health" "$(curl -s --noproxy '*' -o /dev/null -w '%{http_code}' http://127.0.0.1:2000/healthz)" 200
  answer=$(ask -X PUT "$person" --data '{"name":"Ada Lovelace"}')
  expect "adding a person" "${answer##* }" 201
  answer=$(ask -X PUT http://127.0.0.1:2000/user/update-rcextension \
    --data '{"payload":{"userId":"64b7f1a2e4b0a5d3f9c12345","rcExtension":"1234"}}')
  expect "the documented request" "$answer" \
    '{"message":"RingCentral extension updated successfully","data":{}} 200'
  expect "who serves" "$(stat -c %U "$copy$data/journal.db")" "$(stat -c %U "$copy$data")"
  stop_server
  passed "serves as its user, with everything read-only but its data"
}

# [PKG-3]
try_upgrade() {
  echo '# kept by the upgrade' >>"$copy$conf"
  in_copy dpkg --install /next.deb >"$work/out" 2>&1 || fail "upgrade: $(cat "$work/out")"
  expect "the version" "$(in_copy dpkg-query -W -f '${Version}' ringbook)" "$next_version"
  expect "the last line of the settings" "$(tail -n 1 "$copy$conf")" '# kept by the upgrade'
  start_server
  [[ $(ask "$person") == *'"rcExtension":"1234"'*' 200' ]] || fail "the number is gone"
  stop_server
  passed "upgrades, keeping data and settings"
}

# [PKG-4]
try_restore() {
  local steps
  steps=$(sed -n '/\[PKG-4\]/,/^  ```$/p' "$copy/operations.md" | sed -n '/^  ```sh$/,/^  ```$/p' | sed '/```/d')
  [[ $steps == *'ringbook restore /mnt/backups/'* ]] || fail "the document has no steps to restore: $steps"
  mkdir -p "$copy/mnt/backups" "$copy/stubs"
  in_copy ringbook backup /mnt/backups/ringbook-monday --config "$conf" >"$work/out" 2>&1 ||
    fail "backup: $(cat "$work/out")"
  # Nothing runs in the copy that could start and stop services.
  printf '#!/bin/sh\n' >"$copy/stubs/systemctl"
  chmod 755 "$copy/stubs/systemctl"
  in_copy env PATH="/stubs:$PATH" sh -euxc "$steps" >"$work/out" 2>&1 || fail "restore: $(cat "$work/out")"
  expect "who owns what was restored" "$(in_copy find "$data" -not -user ringbook)" ""
  start_server
  [[ $(ask "$person") == *'"rcExtension":"1234"'*' 200' ]] || fail "the number is not restored"
  stop_server
  passed "restores as root what its user then serves"
}

try_remove_and_purge() {
  in_copy dpkg --remove ringbook >"$work/out" 2>&1 || fail "remove: $(cat "$work/out")"
  in_copy test ! -e /usr/bin/ringbook || fail "remove left the binary"
  in_copy test -e "$conf" -a -e "$data/journal.db" || fail "remove took settings or data"
  in_copy dpkg --purge ringbook >"$work/out" 2>&1 || fail "purge: $(cat "$work/out")"
  in_copy test ! -e /etc/ringbook || fail "purge left settings"
  in_copy test -e "$data/journal.db" || fail "purge took the data"
  grep -q "the data in $data .* stay" "$work/out" || fail "purge does not say what it leaves"
  in_copy test ! -e /etc/systemd/system/multi-user.target.wants/ringbook.service || fail "still enabled"
  passed "is removed and purged, and says that the data stays"
}

if [[ ${1:-} == inside ]]; then
  work=$2 next_version=$3 copy=$2/copy
  mount -t tmpfs none "$work/layers"
  mkdir "$work/layers/upper" "$work/layers/work"
  mount -t overlay overlay "$copy" \
    -o "lowerdir=/,upperdir=$work/layers/upper,workdir=$work/layers/work"
  mount -t proc proc "$copy/proc"
  mount --rbind /dev "$copy/dev"
  # Without /run/systemd/system no script takes the copy for a system that runs.
  mount -t tmpfs none "$copy/run"
  rm -rf "$copy$data" "$copy/etc/ringbook"
  cp "$work"/*.deb "$work/operations.md" "$copy/"
  ip link set lo up
  try_install
  try_use
  try_upgrade
  try_restore
  try_remove_and_purge
  exit
fi

# --- outside ----------------------------------------------------------------------------------------

package=$(realpath "${1:?usage: tests/package/run.sh PACKAGE.deb}")
if [[ $(id -u) -ne 0 ]]; then
  echo "package: NOT TESTED: only root can install into a copy of this system" >&2
  [[ ,${RINGBOOK_REQUIRE:-}, != *,all,* && ,${RINGBOOK_REQUIRE:-}, != *,package,* ]]
  exit
fi
unset "${!RINGBOOK_@}"  # They are no settings.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/copy" "$work/layers"
cp "$package" "$work/package.deb"
cp "$(dirname "$0")/../../docs/operations.md" "$work"

dpkg-deb --raw-extract "$package" "$work/next"
version=$(sed -n 's/^Version: //p' "$work/next/DEBIAN/control")
sed -i "s/^Version: .*/&+next/" "$work/next/DEBIAN/control"
dpkg-deb --root-owner-group --build "$work/next" "$work/next.deb" >/dev/null

systemd-analyze security --offline=true --threshold=20 "$work/next$unit" >"$work/out" 2>&1 ||
  fail "the unit is exposed too much: $(cat "$work/out")"
passed "$(sed -n 's/.*Overall exposure level.*: \([0-9.]*\).*/exposure of the unit \1/p' "$work/out")"
grep -q '^Depends: .*libc6 (>= .*libsqlite3-0' "$work/next/DEBIAN/control" ||
  fail "no dependencies: $(cat "$work/next/DEBIAN/control")"
passed "depends on the libraries it is linked to"
rm -r "$work/next"

unshare --mount --net --pid --fork --kill-child "$0" inside "$work" "$version+next"
