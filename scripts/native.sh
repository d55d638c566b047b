# The native scanner in set-up: read by setup.sh, whose functions it uses.
#
# Promises: compiles when something that goes into the addon has changed since, and only then; a package that cannot be
# installed, or a compilation that fails, costs one sentence, and Sluice runs with the scanner in TypeScript: no addon of
# other sources is left lying there. What failed is not tried again before something changed, unless set-up is asked for
# by name (no mode given) or for tests. SLUICE_SCANNER=typescript in the environment leaves all of this alone.
# shellcheck shell=sh
# shellcheck disable=SC2086,SC2154 # lists are split into words on purpose; what is read and not set here is set there

native_list=scripts/packages-native
native_log=native/build/build.log
native_stamp=node_modules/.sluice-native-$mode

# What decides whether the addon there is the right one: sources and their names, headers from npm, and the packages with
# their versions, since a new ICU has other names for its functions.
native_fingerprint() {
  set -- "$1" native/Makefile native/src/*.* native/src/*/*
  [ "$1" = run ] || set -- "$@" native/components/*
  find_versions $native_list
  { printf '%s\n' "$*" "$versions"; cat package-lock.json "$@" 2>/dev/null || :; } | sha256sum
}

# Nothing to do: built from what there is now, or known not to be possible with it.
native_settled() {
  [ "${SLUICE_SCANNER-}" != typescript ] || return 0
  [ -f "$native_stamp" ] || return 1
  now=$(native_fingerprint "$mode")
  case $(cat "$native_stamp") in
    "built $now") [ -f native/build/sluice.node ] ;;
    "failed $now") [ "$asked" = no ] && [ "$mode" = run ] ;;
    *) false ;;
  esac
}

# One sentence, and the scanner in TypeScript.
native_fails() {
  say "$1; the slower scanner in TypeScript takes its place${2:+. $2}"
  rm -f native/build/sluice.node native/build/components.node
  echo "failed $(native_fingerprint "$mode")" >"$native_stamp"
}

install_native_packages() {
  find_missing $native_list
  [ -n "$missing" ] || return 0
  may_install || {
    native_fails "the native scanner needs packages that only root can install" \
      "As root, run: apt-get install --no-install-recommends $missing"
    return 1
  }
  install_packages $missing || {
    native_fails "the Debian packages of the native scanner could not be installed: $missing"
    return 1
  }
}

build_native() {
  mkdir -p native/build
  targets=all
  [ "$mode" = run ] || targets='all components'
  say "compiling the native scanner (a minute or two)"
  before=$(native_fingerprint "$mode")
  if nice make -C native -j "$(nproc)" $targets </dev/null >"$native_log" 2>&1 9>&-; then
    echo "built $before" >"$native_stamp"
    # Who has tested does not compile again to run.
    [ "$mode" = run ] || echo "built $(native_fingerprint run)" >node_modules/.sluice-native-run
  else
    native_fails "the native scanner could not be compiled (see $native_log)"
  fi
}

set_up_native() {
  if native_settled; then return; fi
  if install_native_packages; then build_native; fi
}
