#!/usr/bin/env bash
# Builds what changed and runs the whole service in the foreground; Ctrl-C stops all of it.
#   ./start.sh          from the Hub, or from HF_ENDPOINT, into ./models or MODELS_MOUNT_POINT
#   ./start.sh --demo   from a stand-in hub on this machine, into build/demo: no internet needed
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"

demo=no
for word in "$@"; do
  case $word in
    --demo) demo=yes ;;
    *) echo "usage: ./start.sh [--demo]" >&2; exit 2 ;;
  esac
done

# What the build and the service need of Debian 12. Node is asked for by its commands: it may come from elsewhere.
source deploy/packages.sh
need_packages "${BUILD_PACKAGES[@]}"
need_node

# The service runs as the caller: under sudo, root was for the packages alone.
if [ "$(id -u)" = 0 ] && [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]; then
  exec runuser -u "$SUDO_USER" -- env -u SUDO_USER HOME="$(getent passwd "$SUDO_USER" | cut -d: -f6)" ./start.sh "$@"
fi

# Ninja looks at every source and does nothing when none changed.
targets=(modelkeepd modelkeep)
[ "$demo" = no ] || targets+=(standin_hub)
if [ ! -f build/release/build.ninja ]; then
  mkdir -p build/release
  cmake --preset release > build/release/configure.log || { cat build/release/configure.log >&2; exit 1; }
fi
if [[ $(ninja -C build/release -n "${targets[@]}" 2>&1) != *'no work to do'* ]]; then
  echo "Building; the first time takes some minutes ..."
  quiet=(--quiet)
  [ ! -t 1 ] || quiet=()
  ninja -C build/release "${quiet[@]}" "${targets[@]}"
fi

# The pages, when a source is newer than what was built from it.
pages=frontend/dist/index.html
if [ ! -f "$pages" ] || [ -n "$(find frontend -name node_modules -prune -o -name dist -prune -o -type f -newer "$pages" -print -quit)" ]; then
  echo "Building the pages ..."
  build_pages
fi
export MODELKEEP_WEB_ROOT=${MODELKEEP_WEB_ROOT:-$PWD/frontend/dist}

bin=$PWD/build/release/bin
if [ "$demo" = yes ]; then
  export MODELS_MOUNT_POINT=${MODELS_MOUNT_POINT:-$PWD/build/demo}
  mkdir -p build/release
  : > build/release/hub.url
  # Its own session, so that a Ctrl-C lets the service finish first; it ends with this process, which becomes
  # the service below.
  setsid "$bin/standin_hub" --catalog demo --exit-with-parent > build/release/hub.url 2> build/release/hub.log &
  for _ in $(seq 200); do [ -s build/release/hub.url ] && break; sleep 0.05; done
  HF_ENDPOINT=$(head -n 1 build/release/hub.url)
  [ -n "$HF_ENDPOINT" ] || { echo "The stand-in hub did not start; see build/release/hub.log." >&2; exit 1; }
  export HF_ENDPOINT
fi

# A wrong setting is said before anything starts.
settings=$("$bin/modelkeepd" config)
address=$(sed -n 's/^listen = "\(.*\)"  #.*/\1/p' <<< "$settings")
case $address in
  0.0.0.0:* | \[::\]:*) url=http://localhost:${address##*:} ;;
  *) url=http://$address ;;
esac

answers() {
  local host=${address%:*} status
  case $host in 0.0.0.0) host=127.0.0.1 ;; \[::\]) host=::1 ;; \[*) host=${host#[}; host=${host%]} ;; esac
  exec 3<> "/dev/tcp/$host/${address##*:}" || return 1
  printf 'GET /api/health HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
  read -r -t 2 _ status _ <&3 && exec 3>&-
  [ "${status:-0}" = 200 ]
} 2>/dev/null

announce() {
  for _ in $(seq 600); do
    kill -0 "$1" 2>/dev/null || return 0
    if (answers); then
      echo
      echo "  Modelkeep answers at $url (admin: $url/admin)"
      echo "  Models lie in $(sed -n 's/^mount_point = "\(.*\)"  #.*/\1/p' <<< "$settings")"
      echo "  Command line: $bin/modelkeep$([ "$url" = http://localhost:5000 ] || [ "$url" = http://127.0.0.1:5000 ] || echo " -s $url")"
      echo "  Ctrl-C stops everything."
      echo
      [ "$demo" = no ] || fill_queue
      return 0
    fi
    sleep 0.1
  done
}

# A few models of different kinds, so that the pages open on a store that is filling.
fill_queue() {
  local name
  for name in sentence-transformers/all-MiniLM-L6-v2 gpt2 google/flan-t5-small bert-base-uncased \
    TheBloke/TinyLlama-1.1B-Chat-v1.0-GGUF Qwen/Qwen2.5-7B-Instruct meta-llama/Llama-3.2-1B; do
    "$bin/modelkeep" -s "$url" download -n "$name" --detach > /dev/null 2>&1 || true
  done
  echo "  Demo: the queue is filling at $url/admin/downloads"
}

announce $$ &
exec "$bin/modelkeepd" run
