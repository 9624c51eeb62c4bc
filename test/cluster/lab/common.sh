# Folders, addresses and small helpers of the lab scripts. Source it; it does nothing by itself.
set -euo pipefail

K8S_VERSION=v1.34.4 # the newest minor version whose kubelet still accepts cgroup v1
ETCD_VERSION=v3.6.16
COREDNS_VERSION=v1.14.7
METRICS_VERSION=v0.9.0
LOCAL_PATH_VERSION=v0.0.30

LAB=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
HOME_DIR=${KUBEWHY_CACHE:-$HOME/.cache/kubewhy}/cluster/$K8S_VERSION
BIN=$HOME_DIR/bin           # built binaries; survive `down`
IMAGES=$HOME_DIR/images     # built image archive; survives `down`
RUN=$HOME_DIR/run           # data of the running cluster; removed by `down`
PKI=$RUN/pki
SOCKET=$RUN/containerd.sock
NODE=node-1
IP=10.250.0.1               # on an empty bridge: nothing outside this machine can reach it
POD_CIDR=10.244.0.0/24
SERVICE_CIDR=10.96.0.0/16
DNS_IP=10.96.0.10
REGISTRY_PORT=5055
BLACKHOLE_IP=10.250.0.66    # packets to it vanish, for connection timeouts
PATH=$PATH:/usr/sbin:/sbin:/usr/local/go/bin
case $(uname -m) in
  aarch64) ARCH=arm64 FOREIGN_ARCH=amd64 ;;
  *) ARCH=amd64 FOREIGN_ARCH=arm64 ;;
esac
export PATH KUBECONFIG=$HOME_DIR/admin.kubeconfig

kubectl() { "$BIN/kubectl" "$@"; }
containerd_ctl() { ctr -a "$SOCKET" -n k8s.io "$@"; }

# alive NAME: is the process that `start NAME` started still running? A recycled process id does not count.
alive() {
  [ -f "$RUN/$1.pid" ] && tr '\0' ' ' 2>/dev/null <"/proc/$(cat "$RUN/$1.pid")/cmdline" | grep -q "$1"
}

# start NAME COMMAND...: runs it in the background unless it runs already.
start() {
  local name=$1
  shift
  alive "$name" && return
  mkdir -p "$RUN/log"
  setsid nohup "$@" >>"$RUN/log/$name.log" 2>&1 </dev/null 9>&- &
  echo $! >"$RUN/$name.pid"
}

# stop NAME...: asks each to end, waits up to 10 s, then kills.
stop() {
  local name
  for name in "$@"; do if alive "$name"; then kill "$(cat "$RUN/$name.pid")" || true; fi; done
  for name in "$@"; do
    for _ in $(seq 50); do alive "$name" || break; sleep 0.2; done
    if alive "$name"; then kill -9 "$(cat "$RUN/$name.pid")" || true; fi
    rm -f "$RUN/$name.pid"
  done
  return 0
}

# eventually SECONDS COMMAND...: repeats it until it succeeds.
eventually() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || { echo "gave up waiting for: $*" >&2; return 1; }
    sleep 0.3
  done
}

# The containers of one containerd; SOCKET says which.
kill_containers() {
  local task
  for task in $(containerd_ctl tasks ls -q 2>/dev/null); do
    containerd_ctl tasks kill -s SIGKILL "$task" >/dev/null 2>&1 || true
  done
  eventually 15 no_containers || true
}

no_containers() { [ -z "$(containerd_ctl tasks ls -q)" ]; }

# Processes that hold a container and outlive containerd; only those of SOCKET.
kill_shims() {
  local folder
  for folder in /proc/[0-9]*; do
    if tr '\0' ' ' 2>/dev/null <"$folder/cmdline" | grep -q "containerd-shim.* $SOCKET "; then kill -9 "${folder#/proc/}" || true; fi
  done
}

unmount_below() { # FOLDER
  local mount
  { grep -o " $1/[^ ]*" /proc/mounts || true; } | sort -r | while read -r mount; do umount -l "$mount" 2>/dev/null || true; done
}

# lock: one `up`, `down` or `build` at a time.
lock() {
  mkdir -p "$HOME_DIR"
  exec 9>"$HOME_DIR/lock"
  flock 9
}
