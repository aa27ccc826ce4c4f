# Read by start.sh, test.sh and .ci/run: which Debian 12 packages each needs, and how to get them.

BUILD_PACKAGES=(g++ cmake ninja-build pkg-config libfcgi-dev rapidjson-dev libcurl4-openssl-dev libsqlite3-dev
  libtclap-dev libexpected-dev libtoml11-dev libssl-dev libsodium-dev zlib1g-dev libgtest-dev libgmock-dev
  libbenchmark-dev nginx-light util-linux ca-certificates)
TEST_PACKAGES=(chromium strace faketime xfsprogs e2fsprogs procps curl sqlite3 git)
TIDY_PACKAGES=(clang clang-tidy clang-format)

# Installs what is missing; without root it names it.
need_packages() {
  local missing=() package
  for package in "$@"; do
    # nginx comes in several packages that exclude each other; any of them has what we use.
    if [ "$package" = nginx-light ] && { [ -x /usr/sbin/nginx ] || command -v nginx > /dev/null; }; then continue; fi
    dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    echo "Missing packages; run: sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
  echo "Installing ${missing[*]} ..."
  install_packages "${missing[@]}"
}

# Debian starts nginx when it installs it; ours is the one that the service starts itself.
install_packages() {
  local policy=/usr/sbin/policy-rc.d own_policy=no had_nginx=no
  [ ! -x /usr/sbin/nginx ] || had_nginx=yes
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' > $policy
    chmod 755 $policy
    own_policy=yes
  fi
  local result=0
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; } \
    > /tmp/modelkeep-packages.$$.log 2>&1 || result=$?
  [ $own_policy = no ] || rm -f $policy
  if [ $result != 0 ]; then
    tail -n 20 /tmp/modelkeep-packages.$$.log >&2
    exit $result
  fi
  rm -f /tmp/modelkeep-packages.$$.log
  if [ $had_nginx = no ] && [ -x /usr/sbin/nginx ]; then
    if [ -d /run/systemd/system ]; then
      systemctl disable --now --quiet nginx || true
    else
      update-rc.d nginx disable > /dev/null 2>&1 || true
    fi
  fi
}

need_node() {
  command -v node > /dev/null || need_packages nodejs
  command -v npm > /dev/null || need_packages npm
}

# npm's packages only when their list changed, then the pages. A caller's condition switches `set -e` off in here.
build_pages() (
  cd frontend || exit 1
  if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || {
      echo "npm could not install what the pages are built with." >&2
      exit 1
    }
    touch node_modules/.package-lock.json
  fi
  npm run --silent build && touch dist/index.html
)
