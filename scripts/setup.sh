#!/bin/sh
# Set-up: brings a machine to the point where Sluice runs (`run`, the default), where its tests run (`test`), or where its
# anti-spam filter can be measured against others (`accuracy`).
#
#   sh scripts/setup.sh [run|test|accuracy]
#
# Promises: asks nothing; names what it installs before it does; leaves no service running or enabled that was not;
# removes no package; a second run with nothing to do takes a few milliseconds; ends with one sentence and a status
# other than 0 when something is missing. Prints to standard error only, so that the output of a command stays clean.
# Leaves out: configuration of the system. What it writes is in node_modules/, native/build/ and .tap/, apart from Debian
# packages.
#
# A shell script, since the Node.js 26 that npm installs does not start before libatomic1 is there.
# shellcheck disable=SC2086,SC2046,SC2015 # lists are split into words on purpose; `a && b || fail` ends either way
set -eu

cd -- "$(dirname -- "$0")/.."
if [ $# -eq 0 ]; then asked=yes; else asked=no; fi
mode=${1:-run}
case $mode in run | test | accuracy) ;; *) echo "setup: unknown mode '$mode': run, test or accuracy" >&2; exit 2 ;; esac

say() { echo "set-up: $*" >&2; }
fail() { say "$*"; exit 1; }

# npm puts node_modules/.bin first, where `node` is the very binary that may not start yet.
PATH=$(printf %s "$PATH" | tr : '\n' | grep -v -e '/node_modules/.bin$' -e '/node-gyp-bin$' | paste -sd :)
export PATH

lists=scripts/packages-run
[ "$mode" = run ] || lists="$lists scripts/packages-test"
stamp=node_modules/.sluice-setup-$mode
# Beyond what tests need, that is packages alone.
if [ "$mode" = accuracy ]; then lists="$lists scripts/packages-accuracy" mode=test; fi
# shellcheck source=scripts/native.sh
. scripts/native.sh

nl='
'
# The words of lists: names of packages, or several joined by | of which one is enough.
words_of() { sed -e 's/#.*//' "$@"; }

# Asked once for all lists, and again after an installation: dpkg takes as long for one package as for all.
ask_dpkg() {
  installed=$nl$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' \
    $(words_of $lists $native_list | tr '|' ' ') 2>/dev/null | sed -n 's/^installed //p')$nl
}

# Of the names of a word, those that are installed, with their versions, in `found`. Starts no process: it runs each time.
look_up() {
  found='' names=$1
  while [ -n "$names" ]; do
    name=${names%%|*}
    case $installed in *"$nl$name "* | *"$nl$name$nl"*)
      line=${installed#*"$nl$name"}
      found="$found$name${line%%"$nl"*} " ;;
    esac
    case $names in *'|'*) names=${names#*|} ;; *) names='' ;; esac
  done
}

# The packages in the lists that are not installed, in `missing`.
find_missing() {
  missing=''
  for word in $(words_of "$@"); do
    look_up "$word"
    [ -n "$found" ] || missing="$missing${missing:+ }${word%%|*}"
  done
}

# The packages in the lists that are installed, with their versions, in `versions`.
find_versions() {
  versions=''
  for word in $(words_of "$@"); do look_up "$word"; versions=$versions$found; done
}

# What decides whether there is anything to do; a stamp of an earlier success holds the same words.
fingerprint() { cat package-lock.json .taprc scripts/setup.sh $lists | sha256sum; }

done_before() {
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ] && [ -x node_modules/.bin/node ]
}

check_machine() {
  [ "$(uname -s)" = Linux ] && [ "$(uname -m)" = x86_64 ] ||
    fail "Sluice runs on Linux x86-64; this is $(uname -s) $(uname -m)."
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    fail "this set-up installs Debian packages, and there is no apt-get here; use Debian 12 or 13."
  command -v node >/dev/null ||
    fail "Node.js is not installed; Sluice needs version 20 or later (apt-get install nodejs npm)."
  command -v npm >/dev/null || fail "npm is not installed (apt-get install npm)."
}

# Status 1 when node does not start.
check_version() {
  version=$(node --version 2>/dev/null) || return 1
  major=${version#v}
  [ "${major%%.*}" -ge 20 ] || fail "Node.js $version is too old to set up Sluice; it needs version 20 or later."
}

# Runs a command as root: directly, or through sudo, which may only ask for a password where somebody can answer.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif sudo -n true 2>/dev/null; then sudo -n "$@"
  else sudo "$@"; fi
}

may_install() {
  [ "$(id -u)" = 0 ] && return
  command -v sudo >/dev/null || return 1
  sudo -n true 2>/dev/null || { [ -t 0 ] && [ -t 2 ]; }
}

# Reads the end of a log to the operator, then ends.
fail_with_log() {
  tail -n 15 "$log" | sed 's/^/  | /' >&2
  fail "$1"
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -q -y -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" </dev/null >>"$log" 2>&1 9>&-
}

# --no-remove: another mail server of this machine must not vanish for the sake of our tests.
apt_install() { apt install --no-install-recommends --no-remove "$@"; }

# Debian starts a service as soon as its package is configured, unless this file says no (exit 101). One that is
# there already is the administrator's and stays as it is, unless a set-up that was killed left it.
policy=/usr/sbin/policy-rc.d
mark='# Sluice set-up: no service starts while its packages are installed.'
forbid_services() {
  if [ -e "$policy" ] && ! grep -qsF "$mark" "$policy"; then return; fi
  printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$scratch/policy-rc.d"
  as_root install -m 755 "$scratch/policy-rc.d" "$policy"
  policy_is_ours=yes
}
allow_services() {
  [ -z "$policy_is_ours" ] || as_root rm -f "$policy"
  policy_is_ours=
}

# Keeps the services of new packages from starting at the next boot.
disable_services() {
  command -v systemctl >/dev/null || return 0
  units=$(dpkg-query -L "$@" 2>/dev/null | sed -n 's|.*/systemd/system/\([^/@]*\.\(service\|socket\)\)$|\1|p' | sort -u)
  [ -z "$units" ] || as_root systemctl --quiet disable $units >>"$log" 2>&1 || say "could not disable: $units"
}

# Should somebody start Postfix later, it is to listen on loopback only. Debian's own answer would be every interface.
answer_questions() {
  case " $* " in *" postfix "*) ;; *) return 0 ;; esac
  echo 'postfix postfix/main_mailer_type select Local only' | as_root debconf-set-selections >>"$log" 2>&1 || return 0
}

# Status 1 when they cannot be had.
install_packages() {
  say "installing Debian packages: $*"
  forbid_services
  answer_questions "$@"
  # The lists may be empty (a fresh image) or older than the mirror: one update, one more try.
  apt_install "$@" || { apt update && apt_install "$@"; } || { allow_services; return 1; }
  allow_services
  disable_services "$@"
  ask_dpkg
}

install_missing() {
  find_missing $lists
  [ -n "$missing" ] || return 0
  may_install ||
    fail "root or sudo is needed to install Debian packages. As root, run: apt-get install --no-install-recommends $missing"
  install_packages $missing ||
    fail_with_log "the Debian packages could not be installed: $missing (see above; is there a network, and a package mirror in /etc/apt?)"
}

# A run without tests does without the development packages, unless they are there.
install_modules() {
  if [ "$mode" = run ] && [ ! -d node_modules/tap ]; then omit=--omit=dev; else omit=; fi
  node scripts/installed.mjs $omit && return
  say "installing npm packages into node_modules${omit:+ (without those for development)}"
  # No package of ours has an install script: none may run.
  npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error $omit </dev/null >>"$log" 2>&1 9>&- ||
    fail_with_log "the npm packages could not be installed (see above; is there a network, and an npm registry?)"
}

build_tap() {
  [ "$mode" = test ] || return 0
  say "building the test runner"
  PATH=$PWD/node_modules/.bin:$PATH node_modules/.bin/tap build </dev/null >>"$log" 2>&1 9>&- ||
    fail_with_log "tap could not be built (see above)"
}

check_node() {
  node_modules/.bin/node --version >>"$log" 2>&1 ||
    fail_with_log "the Node.js that npm installed does not start (see above)"
}

nothing_to_do() {
  ask_dpkg
  find_missing $lists
  [ -z "$missing" ] && done_before && native_settled
}
if nothing_to_do; then exit 0; fi

check_machine
# One set-up at a time in this folder: the second waits, and then finds nothing to do.
exec 9<.
flock 9
if nothing_to_do; then exit 0; fi

scratch=$(mktemp -d)
log=$scratch/log
policy_is_ours=
trap 'allow_services; rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# The Node.js of the system may want libatomic1 as well, so that only after the packages it has to start.
check_version || :
install_missing
check_version || fail "node is installed but does not start: run 'node --version' to see why."
install_modules
check_node
build_tap
set_up_native
if [ "$mode" = test ]; then (mode=run lists=scripts/packages-run; fingerprint >node_modules/.sluice-setup-run); fi
fingerprint >"$stamp"
say "done"
