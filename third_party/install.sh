#!/bin/sh
# Installs the Debian 12 packages that rebisect is built with, those of them
# that are missing. With nothing missing it needs neither root nor network.
#
# usage: third_party/install.sh [--tests] [--lint] [--docs] [--fuzz]
#                               [--growth] [--coverage] [--browser]
#   --tests    what the tests and benchmarks are built with as well
#   --lint     what formats and checks the code as well
#   --docs     what makes pages of the headers' comments as well
#   --fuzz     clang with libFuzzer as well
#   --growth   what counts instructions and memory as well
#   --coverage what says which lines were run as well
#   --browser  what opens HTML reports in a browser, for their test, as well
set -eu

build_packages='
  cmake
  g++
  git
  graphviz
  libboost-dev
  libcli11-dev
  libexpected-dev
  libfmt-dev
  libgit2-dev
  librandom123-dev
  libsqlite3-dev
  libyaml-cpp-dev
  ninja-build
  node-d3
  nlohmann-json3-dev
  pkg-config
  zlib1g-dev
'
tests_packages='
  ccache
  libbenchmark-dev
  libgmock-dev
  libgtest-dev
  librapidcheck-dev
  python3
'
browser_packages='
  chromium
  nodejs
'
coverage_packages='
  gcovr
'
docs_packages='
  doxygen
'
fuzz_packages='
  clang
  libclang-rt-14-dev
'
growth_packages='
  time
  valgrind
'
lint_packages='
  clang
  clang-format
  clang-tidy
  shellcheck
'

say() { printf '%s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

# apt-get, its progress only where somebody watches; its errors always.
apt() {
  set -- -y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
  if [ -t 2 ]; then
    as_root apt-get "$@" </dev/null >&2
  else
    as_root apt-get "$@" </dev/null >/dev/null
  fi
}

wanted=$build_packages
for option; do
  case $option in
    --tests) wanted="$wanted $tests_packages" ;;
    --lint) wanted="$wanted $lint_packages" ;;
    --docs) wanted="$wanted $docs_packages" ;;
    --fuzz) wanted="$wanted $fuzz_packages" ;;
    --coverage) wanted="$wanted $coverage_packages" ;;
    --growth) wanted="$wanted $growth_packages" ;;
    --browser)
      wanted="$wanted $browser_packages"
      # Other packages of nodejs than Debian's bring their own.
      if ! command -v npm >/dev/null; then wanted="$wanted npm"; fi
      ;;
    *)
      say "third_party/install.sh: error: unknown option $option; known are" \
        '--tests, --lint, --docs, --fuzz, --growth, --coverage, --browser'
      exit 2
      ;;
  esac
done

if ! command -v dpkg-query >/dev/null; then
  # shellcheck disable=SC2086 # a list of words
  say 'note: not a Debian system, so nothing is installed; needed are the' \
    'counterparts of these packages:' $wanted
  exit 0
fi

# shellcheck disable=SC2016,SC2086 # dpkg-query's own format; a list of words
installed=$(dpkg-query -W -f '${Package}=${db:Status-Status}\n' $wanted \
  2>/dev/null || :)
missing=
for package in $wanted; do
  case "
$installed
" in
    *"
$package=installed
"*) ;;
    *) missing="$missing $package" ;;
  esac
done
if [ -z "$missing" ]; then exit 0; fi

if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
  say 'error: packages are missing, and there is neither root nor sudo to' \
    "install them; as root: apt-get install$missing"
  exit 1
fi

say "installing:$missing"
# Package lists may be absent (a fresh system) or out of date (the download
# fails): they are fetched in these two cases only.
for package in $missing; do
  if [ -z "$(apt-cache show "$package" 2>/dev/null)" ]; then
    say 'fetching the package lists'
    apt update
    break
  fi
done
# shellcheck disable=SC2086 # a list of words
apt install --no-install-recommends $missing || {
  say 'that failed; once more, with new package lists'
  apt update
  # shellcheck disable=SC2086 # a list of words
  apt install --no-install-recommends $missing
}
say 'installed'
