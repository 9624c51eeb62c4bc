import * as fc from 'fast-check';

const letters = (alphabet: string, length: number) =>
  fc
    .array(fc.constantFrom(...alphabet.split('')), { minLength: length, maxLength: length })
    .map((list) => list.join(''));
const HEX = '0123456789abcdef';
const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';

const word = fc.constantFrom(
  'web',
  'api',
  'db',
  'cache',
  'auth',
  'token-service',
  'secret-sync',
  'key-manager',
  'password-reset',
  'payments',
  'kube-api-access',
  'oauth2-proxy',
  'vault',
  'cert-manager',
  'tokenizer',
  'passkeys',
  'basic-auth',
  'keycloak',
  'sk-learn',
  'hf-serving',
  'asia-east1-gw',
);
const namespace = fc.constantFrom('shop', 'kube-system', 'default', 'token-system', 'secrets', 'vault');
const secretName = fc.constantFrom(
  'db-credentials',
  'api-token',
  'db-password',
  'tls-secret',
  'regcred',
  'default-token-jn7tw',
  'my-secret-key',
  'oauth-client-secret',
  'web-tls',
);
const keyName = fc.constantFrom(
  'password',
  'token',
  'api-key',
  'tls.key',
  'tls.crt',
  'DB_PASSWORD',
  'client_secret',
  'SECRET_KEY',
  'app.properties',
  'credentials.json',
);
const uuid = fc.uuid();
const sha = letters(HEX, 64);
const gitSha = letters(HEX, 40);
const pod = fc
  .tuple(word, letters(HEX, 10), letters(SUFFIX, 5))
  .map(([name, hash, suffix]) => `${name}-${hash}-${suffix}`);
const ip = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => `10.${parts.join('.')}`);
const port = fc.constantFrom('80', '443', '8080', '5432', '6379', '27017');
const number = fc.nat(90_000).map(String);
const time = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const duration = fc.tuple(fc.nat(59), fc.nat(59)).map(([minutes, seconds]) => `${minutes}m${seconds}s`);

const VALUES: Readonly<Record<string, fc.Arbitrary<string>>> = {
  word,
  ns: namespace,
  secret: secretName,
  key: keyName,
  uuid,
  sha,
  git: gitSha,
  pod,
  ip,
  port,
  n: number,
  time,
  dur: duration,
};

/** Lines as they are found in events, conditions and logs, about secrets but without one; `{…}` is filled in. */
const TEMPLATES: readonly string[] = [
  'FATAL:  password authentication failed for user "{word}"',
  "Access denied for user '{word}'@'{ip}' (using password: YES)",
  "couldn't find key {key} in Secret {ns}/{secret}",
  'Error: secret "{secret}" not found',
  'MountVolume.SetUp failed for volume "{secret}" : references non-existent secret key: {key}',
  'MountVolume.SetUp failed for volume "kube-api-access-x2k4z" : failed to fetch token: pods "{pod}" not found',
  'FATAL: token is expired',
  'missing required env {key}',
  'missing required environment variable {key}: set it in secret {secret}',
  'error: service account token has expired',
  'Successfully pulled image "registry.example.com/{word}@sha256:{sha}" in {dur}',
  'registry.example.com:5000/{word}:v1.{n}@sha256:{sha}',
  'Container ID containerd://{sha} exited with 1',
  'starting build {git} at {time}',
  'pod {pod} uid {uuid} evicted',
  'back-off {dur} restarting failed container={word} pod={pod}_{ns}({uuid})',
  'exec: "tokenizer": executable file not found in $PATH',
  'Readiness probe failed: Get "http://{ip}:{port}/health": dial tcp {ip}:{port}: connect: connection refused',
  'GET http://{ip}:{port}/token?scope=repository:{word}:pull 401 Unauthorized',
  'failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://auth.example.com/token?scope=x: 401 Unauthorized',
  'WWW-Authenticate: Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
  'invalid bearer token, service account token has been invalidated',
  'Unable to authenticate the request due to an error: [invalid bearer token, token lookup failed]',
  '{time} INFO [{word}] - token refreshed, next refresh in {dur}',
  '{time} WARN auth: token validation failed: signature mismatch',
  'invalid token: unexpected end of JSON input',
  'SyntaxError: Unexpected token \'<\', "<!DOCTYPE "... is not valid JSON',
  'parse error at line {n}: unexpected token: identifier',
  'I0101 12:00:00.000000       1 reflector.go:{n}] caches populated for *v1.Secret',
  'E0101 12:00:00.000000       1 secret.go:{n}] "Failed to get secret" err="secrets \\"{secret}\\" not found" secret="{ns}/{secret}"',
  'level=info ts={time} caller=main.go:{n} msg="loaded config" key=app.yaml namespace={ns}',
  'level=error msg="token file missing" path=/var/run/secrets/kubernetes.io/serviceaccount/token',
  'open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory',
  'token=/var/run/secrets/kubernetes.io/serviceaccount/token is not readable',
  '--tls-private-key-file=/etc/kubernetes/pki/apiserver.key not found',
  'tls: private key does not match public key',
  'failed to load private key: open /etc/tls/tls.key: permission denied',
  'x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error")',
  'secret/{secret} configured',
  'serviceaccount/{word} patched, imagePullSecrets: [{secret}]',
  'Unable to retrieve some image pull secrets ({secret}); attempting to pull the image may not succeed.',
  'secretName: {secret}',
  'secretKeyRef: name={secret} key={key}',
  'automountServiceAccountToken: false',
  'tokenExpirationSeconds: 3607',
  'max_tokens={n} prompt_tokens: {n} completion_tokens={n}',
  'user "system:serviceaccount:{ns}:{word}" cannot get resource "secrets" in API group ""',
  'error getting secret "{ns}/{secret}": not found',
  'ERROR 1045 (28000): Access denied for user',
  'NOAUTH Authentication required.',
  'WRONGPASS invalid username-password pair or user is disabled.',
  'ERR AUTH <password> called without any password configured for the default user.',
  'redis: connection pool timeout; addr={word}.{ns}.svc:{port}',
  'error verifying password: timeout',
  'password: required',
  'DB_PASSWORD is not set; exiting',
  'DB_PASSWORD=$(DB_PASS_REF) could not be expanded',
  'using --token is deprecated, use --token-file',
  'flag needs an argument: --password',
  'unknown flag: --api-key',
  'required flag(s) "token" not set',
  'psql: error: connection to server at "{ip}", port {port} failed: fe_sendauth: no password supplied',
  'rbd: map failed: (1) Operation not permitted; --key=***stripped***',
  'ceph auth get client.admin: key not found',
  'host key verification failed.',
  'Permission denied (publickey,password).',
  'acquired lease {ns}/{word} key: {ns}/{word}',
  'Reconciling {word} {{"controller": "{word}", "namespace": "{ns}", "name": "{pod}", "reconcileID": "{uuid}"}}',
  '{{"level":"info","ts":"{time}","msg":"request","method":"GET","path":"/v1/tokens","status":200,"duration":"{dur}"}}',
  '{{"level":"error","msg":"invalid password","user":"{word}","trace_id":"{uuid}"}}',
  '{ip} - - [{time}] "GET /api/password/reset HTTP/1.1" 200 {n} "-" "Mozilla/5.0 (X11; Linux x86_64)"',
  '{ip} - {word} [{time}] "POST /oauth/token HTTP/1.1" 401 {n}',
  'java.lang.IllegalStateException: Failed to load property source from location classpath:/application.yml',
  '\tat org.springframework.security.authentication.UsernamePasswordAuthenticationToken.<init>(UsernamePasswordAuthenticationToken.java:{n})',
  '\tat com.example.security.TokenFilter.doFilter(TokenFilter.java:{n})',
  'io.jsonwebtoken.ExpiredJwtException: JWT expired at {time}. Current time: {time}',
  'goroutine {n} [running]: main.(*tokenSource).Token(0xc000{n})',
  's.handleSecretSyncRequests() took {dur}',
  'panic: runtime error: invalid memory address or nil pointer dereference [signal SIGSEGV: code=0x1 addr=0x{n}]',
  'compaction finished: pass=12 fail=0 skip={n}',
  'PWD=/app HOME=/root HOSTNAME={pod}',
  '--- PASS: TestTokenRefresh (0.00s)',
  'bypass=true compass=north monkey=banana',
  'Basic authentication is disabled, Bearer authentication enabled',
  'Scheduled: Successfully assigned {ns}/{pod} to node-{n}',
  'Created pod: {pod}',
  'Pulling image "docker.io/library/{word}:{git}"',
  'etcdserver: request timed out, member {git}',
  'Normal Issuing The certificate request has been issued; stored new private key in temporary Secret resource "{secret}-{n}"',
  'vault: lease renewal failed for auth/kubernetes/login: permission denied',
  'Warning FailedToRetrieveImagePullSecret {secret}',
  'sts token request failed: AccessDenied: User is not authorized to perform sts:AssumeRole',
  'failed to acquire token: AADSTS700016: Application not found in the directory',
  'csrf token mismatch for session {uuid}',
  'Failed to update endpoint {ns}/{word}: Operation cannot be fulfilled on endpoints "{word}": the object has been modified',
  'key {key} has no value in configmap {ns}/{word}',
  'secrets "{secret}" is forbidden: User "{word}" cannot get resource "secrets" in API group "" in the namespace "{ns}"',
  'lookup {word}-token.{ns}.svc.cluster.local on {ip}:53: no such host',
  'dial tcp: lookup vault-secret:8200: no such host',
  'kafka: error while consuming {word}/{n}: SASL authentication failed: Invalid username or password',
  'MongoServerError: Authentication failed. user={word} db=admin mechanism=SCRAM-SHA-256',
  'npm ERR! code E401 npm ERR! Incorrect or missing password.',
  'git@github.com: Permission denied (publickey). fatal: Could not read from remote repository.',
  'ssh://git@git.example.com:{port}/{word}.git',
  'mailto:admin@example.com http://{ip}:{port}/users/me@example.com',
  'sha512-{git}== integrity checksum ok for {word}',
  'Started container {word} with env keys: DB_PASSWORD, API_TOKEN',
  'Generated token for node {word} (expires {time})',
];

/** Arbitrary realistic line that holds no secret. */
export const diagnosticLine: fc.Arbitrary<string> = fc.constantFrom(...TEMPLATES).chain(fillIn);

function fillIn(template: string): fc.Arbitrary<string> {
  const parts = template
    .replaceAll('{{', '\u0001')
    .replaceAll('}}', '\u0002')
    .split(/(\{[a-z0-9]+\})/);
  const filled = parts.map(
    (part) => VALUES[part.slice(1, -1)] ?? fc.constant(part.replaceAll('\u0001', '{').replaceAll('\u0002', '}')),
  );
  return fc.tuple(...filled).map((texts) => texts.join(''));
}
