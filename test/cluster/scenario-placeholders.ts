import type { TestCluster } from './cluster.ts';

const POD = /\$FIRST_POD|\$POD\{([a-z0-9.-]+)\}/g;

/**
 * Fills in $NS (the namespace), $FIRST_POD (the oldest Pod) and $POD{prefix} (the oldest Pod whose name starts so);
 * throws while there is no such Pod.
 */
export async function fillIn(cluster: TestCluster, namespace: string, text: string): Promise<string> {
  const filled = text.replaceAll('$NS', namespace);
  if (filled.search(POD) === -1) {
    return filled;
  }
  const pods = await podNames(cluster, namespace);
  return filled.replaceAll(POD, (placeholder, prefix: string | undefined) => {
    const pod = pods.find((name) => name.startsWith(prefix ?? ''));
    if (pod === undefined) {
      throw new Error(`There is no Pod for ${placeholder} in ${namespace}.`);
    }
    return pod;
  });
}

async function podNames(cluster: TestCluster, namespace: string): Promise<readonly string[]> {
  const order = '--sort-by=.metadata.creationTimestamp';
  const names = await cluster.kubectl(['-n', namespace, 'get', 'pods', order, '-o', 'name']);
  return names.split('\n').flatMap((name) => (name === '' ? [] : [name.replace('pod/', '')]));
}
