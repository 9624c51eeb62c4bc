import type { Cluster } from '../adapters/kubernetes/kubernetes-cluster.ts';
import type { Config } from '../config/config.ts';

/** Which cluster, as far as the command line says. */
export interface ClusterChoice {
  readonly context?: string | undefined;
  /** One path, or several as in KUBECONFIG. */
  readonly kubeconfig?: string | undefined;
}

/** How credential plug-ins may behave. */
export interface PluginRules {
  /** Whether a plug-in may ask the person at the terminal. */
  readonly interactive: boolean;
  readonly pluginTimeoutMs?: number;
  /** Told of every request: whether the API server answered, by anything but overload or failure. */
  readonly heard?: (answered: boolean) => void;
}

/** Opens the cluster of the command line and the environment; the Kubernetes adapter is loaded only here. Throws KUBECONFIG_INVALID. */
export async function openChosenCluster(choice: ClusterChoice, config: Config, rules: PluginRules): Promise<Cluster> {
  const { openCluster } = await import('../adapters/kubernetes/kubernetes-cluster.ts');
  const kubeconfig = choice.kubeconfig ?? config.kubeconfig;
  return openCluster({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(config.home === undefined ? {} : { home: config.home }),
    ...(choice.context === undefined ? {} : { context: choice.context }),
    ...(config.service === undefined ? {} : { inCluster: config.service }),
    proxy: config.proxy,
    pluginEnv: config.inherited,
    ...rules,
  });
}
