#!/bin/sh
# Installs the packages that `./dev package` wrote into a Debian 12 made for
# it, and looks whether what users get works there: the program, its manual,
# completion, `git rebisect`, and the example project against the libraries.
#
# usage: tests/package/deb.sh [PACKAGE_FOLDER]
# Needs root, debootstrap and Debian's mirror (MIRROR names another one).
# What is in single quotes is for the shells in there.
# shellcheck disable=SC2016
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
packages=$(CDPATH='' cd -- "${1-$root/build/packages}" && pwd)
system=$(mktemp -d)
chmod 755 "$system"
trap 'rm -rf "$system"' EXIT INT TERM

in_it() { chroot "$system" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

check() {
  what=$1
  shift
  if "$@" >"$system/out" 2>&1; then
    printf 'ok      %s\n' "$what"
  else
    printf 'FAILED  %s\n' "$what"
    cat "$system/out"
    exit 1
  fi
}

debootstrap --variant=minbase bookworm "$system" ${MIRROR+"$MIRROR"} >/dev/null
cp "$packages"/*.deb "$system/tmp"
in_it apt-get -q update >/dev/null
# Names may be patterns of files in there.
install() {
  in_it sh -c "DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
    --no-install-recommends $*"
}
check 'the program installs' install '/tmp/rebisect_*.deb'
check 'rebisect --version' in_it rebisect --version
check 'it replays' in_it sh -c '
  rebisect replay /usr/share/rebisect/recorded >/tmp/replays
  grep -q "83 of 83" /tmp/replays'
check 'what it is seen with installs' install man-db bash-completion git
check 'man rebisect' in_it sh -c 'man rebisect | grep -q "^SYNOPSIS"'
check 'man rebisect-graph-info' in_it sh -c '
  man rebisect-graph-info | grep -q -e "--repo"'
check 'git help rebisect' in_it sh -c 'git help rebisect | grep -q ^NAME'
check 'git rebisect takes the repository it is in' in_it sh -c '
  git init -q /tmp/r && cd /tmp/r
  git config user.name a && git config user.email b
  for n in 1 2 3; do git commit -q --allow-empty -m $n; done
  git rebisect graph info --bad HEAD --good HEAD~2 | grep -q 2'
check 'completion' in_it bash -c '
  . /usr/share/bash-completion/bash_completion
  _completion_loader rebisect
  COMP_WORDS=(rebisect gra) COMP_CWORD=1
  _rebisect
  [ "${COMPREPLY[*]}" = graph ]
  COMP_WORDS=(rebisect graph info --form) COMP_CWORD=3
  _rebisect
  [ "${COMPREPLY[*]}" = --format ]'
check 'completion of git rebisect' in_it bash -c '
  . /usr/share/bash-completion/bash_completion
  _completion_loader git-rebisect
  COMP_WORDS=(git rebisect graph i) COMP_CWORD=3
  _git_rebisect
  [ "${COMPREPLY[*]}" = info ]'
check 'the libraries install' install '/tmp/librebisect-dev_*.deb' g++ make
mkdir "$system/example"
cp "$root"/tests/package/CMakeLists.txt "$root"/tests/package/*.cc \
  "$system/example"
check 'the example builds and passes' in_it sh -c '
  cmake -S /example -B /example/build >/dev/null &&
  cmake --build /example/build && cd /example/build &&
  ctest --output-on-failure'
check 'it goes without a trace' in_it sh -c '
  apt-get purge -q -y rebisect librebisect-dev
  test ! -e /usr/bin/git-rebisect && test ! -e /usr/share/rebisect'
