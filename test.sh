#!/usr/bin/env bash
# Builds and tests everything, and ends with one line: N passed, M failed.
#   ./test.sh         unit, system, page and live tests; the contract between API and document
#   ./test.sh asan    the C++ tests under address and undefined-behaviour sanitizers
#   ./test.sh tsan    the same under the thread sanitizer
#   ./test.sh tidy    format, clang-tidy, structure and style
#                     (TIDY_CHECKS=-clang-analyzer-* leaves the slow half of clang-tidy out)
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
source deploy/packages.sh

what=${1:-all}
passed=0
failed=0
jobs=$(nproc)

add() { passed=$((passed + $1)); failed=$((failed + $2)); }

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}

# A step that either works or counts as one failure: a build, a check.
step() {
  local name=$1
  shift
  echo "== $name"
  if "$@"; then add 1 0; else echo "FAILED: $name"; add 0 1; fi
}

# A preset, and its targets where not all of them are needed.
build() {
  local preset=$1
  shift
  echo "== build $preset"
  mkdir -p "build/$preset"
  [ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" > "build/$preset/configure.log" || {
    cat "build/$preset/configure.log"
    return 1
  }
  ninja -C "build/$preset" --quiet -j "$jobs" "$@"
}

# ctest's own summary, as numbers: "wrong total", or nothing when it did not get that far.
counts_of() { sed -nE 's/^.*, ([0-9]+) tests? failed out of ([0-9]+).*/\1 \2/p' "$1"; }

# Failures in full, skipped tests with their reason; the rest is noise.
show_failures() {
  grep -E '\*\*\*(Failed|Timeout|Exception|Not Run)|\*\*\*Skipped' "$1" || true
  sed -nE '/: Failure$|\*\*\*Failed|\*\*\*Timeout|\*\*\*Exception/,/^$/p' "$1" | head -n 400
}

ctest_of() {
  local preset=$1 log=build/$1/ctest.log total wrong
  shift
  echo "== tests of $preset: $*"
  ctest --test-dir "build/$preset" --output-on-failure --timeout 300 "$@" > "$log" 2>&1 || true
  if ! read -r wrong total < <(counts_of "$log"); then
    tail -n 40 "$log"
    add 0 1
    return
  fi
  show_failures "$log"
  grep -hA1 ': Skipped$' "build/$preset/Testing/Temporary/LastTest.log" | grep -v -e '^--$' -e ': Skipped$' | sort | uniq -c || true
  # The system's tests measure real processes on a machine that others may use: who fails there must fail alone, too.
  if [[ $wrong -gt 0 && $wrong -le 3 && "$*" = *'^system/'* && "$*" != *-E* ]]; then
    echo "== once more, alone: $wrong of $preset"
    ctest --test-dir "build/$preset" --output-on-failure --timeout 300 --rerun-failed > "$log" 2>&1 || true
    read -r wrong _ < <(counts_of "$log") || wrong=1
    show_failures "$log"
  fi
  add $((total - wrong)) "$wrong"
}

# A program that ends with the same kind of line as we do.
suite() {
  local name=$1 out
  shift
  echo "== $name"
  out=$(timeout 600 "$@" 2>&1) || true
  echo "$out" | tail -n 60
  if [[ $(grep -E '^[0-9]+ passed, [0-9]+ failed' <<< "$out" | tail -n 1) =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
    add "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
  else
    echo "FAILED: $name gave no summary"
    add 0 1
  fi
}

install_clients() {
  local own=tests/clients
  [ -f $own/node_modules/.package-lock.json ] && [ ! $own/package-lock.json -nt $own/node_modules/.package-lock.json ] && return 0
  npm --prefix $own ci --ignore-scripts --no-audit --no-fund --loglevel=error
}

sources() { git ls-files '*.cpp' '*.h' | grep -E '^(backend|cli|tests|bench)/'; }

tidy_all() {
  local log=build/dev/tidy.log
  sources | grep -E '^(backend|cli)/.*\.cpp$' |
    xargs -P "$jobs" -n 4 clang-tidy -p build/dev --quiet ${TIDY_CHECKS:+"--checks=$TIDY_CHECKS"} > "$log" 2>/dev/null && return 0
  grep -E 'warning:|error:' "$log" | sort -u
  return 1
}

case $what in
  all)
    need_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
    need_node
    if build dev; then
      ctest_of dev -j "$jobs" -E '^system/'
      step 'build the pages' build_pages
      ctest_of dev -j "$jobs" -R '^system/'
      step 'check the pages' npm --prefix frontend run --silent check
      suite 'tests of the pages: units' npm --prefix frontend run --silent test
      suite 'tests of the pages in a browser' npm --prefix frontend run --silent test:pages
      suite 'tests of the pages on the real service' npm --prefix frontend run --silent test:live
      suite 'the API against its document' node tests/contract/run.mjs
      step 'install the Hub clients' install_clients
      suite 'Hub clients at the hub door' npm --prefix tests/clients run --silent test
    else
      add 0 1
    fi
    ;;
  asan | tsan)
    need_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
    # Some tests fork to have a process that they can kill; its threads are its own.
    export TSAN_OPTIONS="die_after_fork=0 suppressions=$PWD/tests/tsan.supp"
    if build "$what"; then
      ctest_of "$what" -j "$jobs" -E '^(system|tidy)/'
      # The faults measure times, which are not those of a sanitized program.
      ctest_of "$what" -R '^system/(Start|Story)'
    else
      add 0 1
    fi
    ;;
  tidy)
    need_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}" "${TIDY_PACKAGES[@]}"
    step 'clang-format' bash -c 'git ls-files "*.cpp" "*.h" | grep -E "^(backend|cli|tests|bench)/" | xargs clang-format --dry-run -Werror'
    if build dev test_tidy; then
      ctest_of dev -R '^tidy/'
      step 'clang-tidy' tidy_all
    else
      add 0 1
    fi
    ;;
  *)
    echo "usage: ./test.sh [asan|tsan|tidy]" >&2
    exit 2
    ;;
esac
finish
