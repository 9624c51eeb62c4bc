# Names and settings of a further node on this machine: its own containerd, kubelet, network and cgroups, so that it can be broken
# without touching the first one. Source it after setting NAME.
[[ ${NAME:-} =~ ^[a-z][a-z0-9-]{0,40}$ && $NAME != "$NODE" ]] || { echo "not a name for a further node: ${NAME:-}" >&2; exit 2; }
FOLDER=$RUN/nodes/$NAME
SOCKET=$FOLDER/containerd.sock
NUMBER=$(cat "$FOLDER/number" 2>/dev/null || true)

node_ip() { echo "10.250.0.$NUMBER"; }

# The kubelet wants its cgroup root in every hierarchy. Below that of the first kubelet each would kill the Pods of the other.
cgroup_folders() {
  if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
    echo "/sys/fs/cgroup/kubewhy-$NAME"
  else
    ls -d /sys/fs/cgroup/*/ | sed "s|\$|kubewhy-$NAME|"
  fi
}

# What is left of containers whose containerd died before them.
kill_in_cgroups() {
  local folder
  for folder in $(cgroup_folders); do
    if [ -d "$folder" ]; then find "$folder" -name cgroup.procs -exec cat {} + 2>/dev/null || true; fi
  done | sort -u | xargs -r kill -9 2>/dev/null || true
}

remove_cgroups() {
  local folder
  for folder in $(cgroup_folders); do
    if [ -d "$folder" ]; then find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null; fi
    [ ! -d "$folder" ] || return 1
  done
}

node_containerd_config() {
  sed -e "s|$RUN/containerd/|$FOLDER/containerd/|; s|$RUN/containerd.sock|$SOCKET|; s|$RUN/cni\"|$FOLDER/cni\"|" "$RUN/containerd.toml"
}

node_cni_config() {
  cat <<T
{"cniVersion": "0.4.0", "name": "$NAME", "plugins": [
  {"type": "bridge", "bridge": "kwbr$NUMBER", "isGateway": true, "ipMasq": false, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "$FOLDER/cni-addresses", "ranges": [[{"subnet": "10.244.$NUMBER.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
T
}

# The settings of the first kubelet with other places.
node_kubelet_config() { # [LINE...]: settings that replace those of the first node
  local line key
  sed -e "s|^address: .*|address: $(node_ip)|; s|$PKI/kubelet\.|$FOLDER/kubelet.|; s|$RUN/containerd.sock|$SOCKET|; s|$RUN/pod-logs|$FOLDER/pod-logs|" \
    "$RUN/kubelet.yaml" >"$FOLDER/kubelet.yaml"
  for line in "cgroupRoot: /kubewhy-$NAME" "healthzPort: 0" "maxPods: 110" "registerWithTaints: [{key: kubewhy.test/machine, effect: NoSchedule}]" "$@"; do
    key=${line%%:*}
    sed -i "/^$key:/d" "$FOLDER/kubelet.yaml"
    echo "$line" >>"$FOLDER/kubelet.yaml"
  done
}

start_node_runtime() { # [WORD...]: what it is started by
  start "nodes/$NAME/containerd" "$@" env HTTPS_PROXY="http://127.0.0.1:$REGISTRY_PORT" NO_PROXY=".invalid,10.0.0.0/8" GODEBUG=netdns=go \
    SSL_CERT_FILE="$PKI/trusted.crt" SSL_CERT_DIR=/nonexistent containerd --config "$FOLDER/containerd.toml"
}

start_node_kubelet() {
  start "nodes/$NAME/kubelet" "$BIN/kubelet" --config="$FOLDER/kubelet.yaml" --kubeconfig="$FOLDER/kubelet.kubeconfig" \
    --root-dir="$FOLDER/kubelet" --cert-dir="$FOLDER/pki" --hostname-override="$NAME" --node-ip="$(node_ip)"
}

kill_node_part() { # PART: at once, as a power cut would
  if alive "nodes/$NAME/$1"; then kill -9 "$(cat "$RUN/nodes/$NAME/$1.pid")"; fi
  rm -f "$RUN/nodes/$NAME/$1.pid"
}
