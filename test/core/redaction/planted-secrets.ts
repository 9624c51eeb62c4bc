/** A secret of one kind as it appears in practice; `secret` must be gone after redaction, `kept` must stay. */
export interface PlantedSecret {
  readonly kind: string;
  readonly text: string;
  readonly secret: string;
  readonly kept?: string;
}

// Made up on the spot from parts, so that no scanner takes this file for a leak.
const ALNUM = 'aZ3kQ9xV7mT2bN8cL5pR1sW6yH4jD0gF3uK7eM9qB2vX5nC8zA1tJ6wP4rY0hG';
const HEX = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08e1f2c3d4b5a69788';
const BASE64 = `${ALNUM}Qw3Er5Ty7Ui9Op1As2Df4Gh6Jk8LzXcVbNm0`;
const UPPER = 'Q3ERT5YU7IOP2ASDF4GHJK6LZXC8VBNM';
const UUID = '7d9f1c2e-3b4a-4c5d-8e6f-9a0b1c2d3e4f';

function alnum(length: number): string {
  return ALNUM.slice(0, length);
}

function hex(length: number): string {
  return HEX.slice(0, length);
}

function token(kind: string, prefix: string, body: string): PlantedSecret {
  return { kind, text: prefix + body, secret: body };
}

function inside(kind: string, before: string, secret: string, after = ''): PlantedSecret {
  return { kind, text: before + secret + after, secret };
}

const JWT_BODY = 'hbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9';
const PEM_LINE = `MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj${alnum(24)}`;
const CEPH_BODY = 'BzKxJf8lq3LxAAq1vY7nT2wC4dE6gH8iJ0kM==';

export const TOKENS: readonly PlantedSecret[] = [
  token('aws access key id', 'AKIA', UPPER.slice(0, 16)),
  token('aws temporary key id', 'ASIA', UPPER.slice(2, 18)),
  inside('aws key pair', `AKIA${UPPER.slice(0, 16)} `, BASE64.slice(0, 40)),
  inside('aws secret key', 'AWS_SECRET_ACCESS_KEY=', BASE64.slice(4, 44)),
  token('aws session token', 'IQoJb3JpZ2lu', BASE64.slice(0, 60)),
  token('aws mws', 'amzn.mws.', UUID),
  inside('aws presigned url', 'https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=', hex(64), '&x=1'),
  token('gcp api key', 'AIza', `Sy${alnum(33)}`),
  token('google oauth access', 'ya29.', `a0Af${alnum(40)}`),
  token('google oauth refresh', '1//0', `g${alnum(40)}`),
  token('google oauth client secret', 'GOCSPX-', alnum(28)),
  inside(
    'gcp service account',
    '{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\\n',
    PEM_LINE,
    '\\n-----END PRIVATE KEY-----\\n","client_email":"a@b.iam"}',
  ),
  inside(
    'azure storage',
    'DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=',
    `${BASE64.slice(0, 86)}==`,
    ';EndpointSuffix=core.windows.net',
  ),
  inside(
    'azure service bus',
    'Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=',
    `${BASE64.slice(0, 43)}=`,
  ),
  inside('azure sas', 'https://s.blob.core.windows.net/c?sv=2022-11-02&sig=', `${alnum(40)}%3D`, '&se=2026'),
  token('azure client secret', '', `Ab~8Q~${alnum(34)}`),
  token('alibaba', 'LTAI', alnum(20)),
  token('digitalocean', 'dop_v1_', hex(64)),
  token('heroku', 'HRKU-', UUID),
  inside('heroku uuid', 'heroku api: ', UUID),
  token('ceph key', 'AQ', CEPH_BODY),
  inside('ceph --key', 'rbd map img --id admin --key=AQ', 'D3lqVYabcdEFGHijkl12345', ' -m mon'),
  inside('ceph keyring', '[client.admin]\n\tkey = AQ', CEPH_BODY, '\n\tcaps mon = "allow *"'),
  token('vault', 'hvs.', `CAESI${alnum(40)}`),
  token('vault legacy', 's.', alnum(24)),
  token('terraform cloud', `${alnum(14)}.atlasv1.`, alnum(60)),
  token('doppler', 'dp.pt.', alnum(43)),
  token('pulumi', 'pul-', hex(40)),
  token('1password service account', 'ops_', `eyJ${alnum(60)}`),
  inside(
    'kubeadm bootstrap',
    'kubeadm join 10.0.0.1:6443 --token ',
    'abcdef.0123456789abcdef',
    ' --discovery-token-ca-cert-hash sha256:1',
  ),
  inside('kubeconfig client key', '    client-key-data: ', `LS0tLS1CRUdJTiB${alnum(60)}==`),
  inside('kubeconfig token', 'users:\n- name: a\n  user:\n    token: ', alnum(40)),
  token('jwt', 'eyJ', `${JWT_BODY}.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${alnum(43)}`),
  inside('service account token', 'Authorization: Bearer ', `eyJ${JWT_BODY}.eyJpc3MiOiJrdWJlIn0.${alnum(50)}`),
  token('age', 'AGE-SECRET-KEY-1', (UPPER + UPPER).slice(0, 58)),
  token('github classic', 'ghp_', alnum(36)),
  token('github oauth', 'gho_', alnum(36)),
  token('github fine-grained', 'github_pat_', `11ABCDEFG0${alnum(22)}_${alnum(59)}`),
  token('gitlab', 'glpat-', alnum(20)),
  token('gitlab runner', 'glrt-', alnum(20)),
  token('bitbucket', 'ATBB', alnum(32)),
  token('atlassian', 'ATATT3', alnum(60)),
  token('slack bot', 'xoxb-', `123456789012-123456789012-${alnum(24)}`),
  token('slack user', 'xoxp-', `1234567890-${alnum(32)}`),
  token('slack app', 'xapp-', `1-A012345-1234567890-${hex(64)}`),
  inside('slack webhook', 'https://hooks.slack.com/services/', `T012AB3CD/B012AB3CD/${alnum(24)}`),
  inside('discord webhook', 'https://discord.com/api/webhooks/', `123456789012345678/${alnum(60)}`),
  token('discord bot', '', `MTIz${alnum(22)}.Gx7abc.${alnum(38)}`),
  token('telegram', '', `123456789:AA${alnum(33)}`),
  token('stripe', 'sk_live_', alnum(24)),
  token('stripe restricted', 'rk_live_', alnum(24)),
  token('webhook secret', 'whsec_', alnum(32)),
  token('sendgrid', 'SG.', `${alnum(22)}.${alnum(43)}`),
  token('twilio', 'SK', hex(32)),
  token('mailgun', 'key-', hex(32)),
  token('mailchimp', '', `${hex(32)}-us12`),
  token('npm', 'npm_', alnum(36)),
  token('pypi', 'pypi-', `AgEIcHlwaS5vcmc${alnum(50)}`),
  token('rubygems', 'rubygems_', hex(48)),
  token('nuget', 'oy2', alnum(43).toLowerCase()),
  token('docker hub', 'dckr_pat_', alnum(27)),
  inside('docker auth', '{"auths":{"https://index.docker.io/v1/":{"auth":"', BASE64.slice(0, 32), '"}}}'),
  token('artifactory', 'AKCp', alnum(62)),
  token('hugging face', 'hf_', alnum(34)),
  token('openai', 'sk-', `proj-${alnum(48)}`),
  token('anthropic', 'sk-ant-', `api03-${alnum(60)}`),
  token('groq', 'gsk_', alnum(52)),
  token('databricks', 'dapi', hex(32)),
  inside('datadog', 'DD_API_KEY=', hex(32)),
  inside('datadog prose', 'datadog agent key: ', hex(32)),
  token('new relic', 'NRAK-', UPPER.slice(0, 27)),
  token('grafana', 'glsa_', `${alnum(32)}_${hex(8)}`),
  token('sentry', 'sntrys_', `eyJ${alnum(60)}`),
  inside('sentry dsn', 'https://', hex(32), '@o1.ingest.sentry.io/42'),
  token('dynatrace', 'dt0c01.', `${UPPER.slice(0, 24)}.${(UPPER + UPPER).slice(0, 64)}`),
  token('shopify', 'shpat_', hex(32)),
  token('square', 'sq0atp-', alnum(22)),
  token('linear', 'lin_api_', alnum(40)),
  token('postman', 'PMAK-', `${hex(24)}-${hex(34)}`),
  token('planetscale', 'pscale_pw_', alnum(43)),
  token('figma', 'figd_', alnum(40)),
];

export const ASSIGNMENTS: readonly PlantedSecret[] = [
  inside('env file', 'DB_PASSWORD=', 'hunter2-but-longer'),
  inside('plain word', 'password=', 'correcthorse', ' retry'),
  inside('passwd colon', 'login with passwd: ', 's3cr3tPa55'),
  inside('password at the end', 'connecting with password: ', 'hunterhunter'),
  inside('quoted with spaces', 'password="', 'correct horse battery', '" user=app'),
  inside('json', '{"user":"app","password":"', 'pa"ss\\"'.replace('"', '\\"'), '","port":5432}'),
  inside('json in json', '{\\"apiKey\\":\\"', 'zorkmid-quux', '\\",\\"x\\":1}'),
  inside('json pretty', '"client_secret" : "', 'zorkmid quux', '"'),
  inside('yaml', 'auth:\n  password: ', 'zorkmidquux', '\n  user: app'),
  inside('yaml quoted', "  apiToken: '", 'zorkmid quux', "'"),
  inside('yaml block', '  password: |\n    ', 'zorkmid quux\n    second line', '\n  user: app'),
  inside('short', 'password=', 'q7', ' host=db'),
  inside('basic without header', 'sent Basic ', 'dXNlcjpwYXNz', ' to upstream'),
  inside('flag', 'exec /app --user x --password ', 'zorkmidquux', ' --verbose'),
  inside('flag with equals', '/app --api-key=', 'zorkmidquux', ' --verbose'),
  inside('printed arguments', '["/app","--auth-token","', 'zorkmidquux', '","-v"]'),
  inside('java property', '-Dspring.datasource.password=', 'zorkmidquux'),
  inside('query string', 'GET https://api.example.com/v1?access_token=', 'zorkmidquux', '&page=2'),
  inside('encoded query string', 'redirect=https%3A%2F%2Fx%3Ftoken%3D', 'zorkmidquux', '%26page%3D2'),
  inside('header', 'X-Api-Key: ', 'zorkmidquux'),
  inside('vault header', 'X-Vault-Token: ', 'zorkmidquux'),
  inside('gitlab header', 'PRIVATE-TOKEN: ', 'zorkmid9quux'),
  inside('cookie', 'Cookie: session=', 'zorkmidquux9'),
  inside('credential', 'credential=', 'zorkmidquux'),
  inside('private key id', '"private_key_id": "', hex(40), '"'),
  inside('ado connection string', 'Server=db;User Id=sa;Password=', 'zork;mid,quux', ';Encrypt=true'),
  inside('jdbc', 'jdbc:postgresql://db:5432/app?user=app&password=', 'zorkmidquux', '&ssl=true'),
  inside('oracle jdbc', 'jdbc:oracle:thin:app/', 'zorkmidquux', '@db:1521:XE'),
  inside('go struct', 'config: {Host:db Password:', 'zorkmidquux', ' Port:5432}'),
  inside('go env', 'Env:[]EnvVar{EnvVar{Name:DB_PASSWORD,Value:', 'zorkmidquux', ',ValueFrom:nil,},}'),
  inside('json env', '"env":[{"name":"API_TOKEN","value":"', 'zorkmid quux', '"}]'),
  inside('yaml env', '- name: API_TOKEN\n  value: ', 'zorkmidquux', '\n- name: B'),
  inside('xml', '<server><password>', 'zorkmidquux', '</password></server>'),
  inside('npmrc', '//packages.example.com/:_authToken=', 'zorkmidquux'),
  inside('npmrc basic', '_auth=', 'em9ya21pZHF1dXg='),
  inside('netrc', 'machine git.example.com login app password ', 'zorkmidquux'),
  inside('mysql -p', 'sh -c mysql -h db -uroot -p', 'zorkmidquux', ' -e "select 1"'),
  inside('mysqladmin -p', 'mysqladmin ping -p', 'zorkmidquux'),
  inside('redis-cli', 'redis-cli -h cache -a ', 'zorkmidquux', ' ping'),
  inside('redis config', 'requirepass ', 'zorkmidquux'),
  inside('curl user', 'curl -s -u admin:', 'zorkmidquux', ' https://x/health'),
  inside('sql', "CREATE USER app WITH PASSWORD '", 'zorkmid quux', "'"),
  inside('validation error', 'spec.password: Invalid value: "', 'zorkmidquux', '": too short'),
  inside('authorization basic', 'Authorization: Basic ', 'em9ya21pZDpxdXV4'),
  inside('authorization in json', '{"authorization":"Bearer ', 'zorkmidquux', '"}'),
  inside('authorization in go', 'map[Accept:[*/*] Authorization:[Bearer ', 'zorkmidquux', ']]'),
  inside('bearer', 'sent Bearer ', 'zorkmid9quux', ' to upstream'),
];

export const ADDRESSES: readonly PlantedSecret[] = [
  inside('url', 'dial https://app:', 'zorkmidquux', '@example.com/x'),
  inside('postgres', 'postgres://app:', 'zork/mid#quux', '@db:5432/app?sslmode=disable'),
  inside('mysql', 'mysql://app:', 'zork@midquux', '@db:3306/app'),
  inside('mysql go', 'app:', 'zorkmidquux', '@tcp(db:3306)/app'),
  inside('mongodb', 'mongodb+srv://app:', 'zorkmidquux', '@a.mongodb.net,b.mongodb.net/x'),
  inside('redis', 'redis://:', 'zorkmidquux', '@cache:6379/0'),
  inside('amqp', 'amqp://app:', 'zorkmidquux', '@mq:5672/%2f'),
  inside('git', 'fatal: unable to access https://oauth2:', 'zorkmidquux', '@git.example.com/a.git/'),
];

export const BLOCKS: readonly PlantedSecret[] = [
  inside('pem', '-----BEGIN RSA PRIVATE KEY-----\n', `${PEM_LINE}\n${PEM_LINE}`, '\n-----END RSA PRIVATE KEY-----\n'),
  inside('pem on one line', 'TLS_KEY -----BEGIN EC PRIVATE KEY-----\\n', PEM_LINE, '\\n-----END EC PRIVATE KEY-----'),
  inside('pem cut off', 'loaded -----BEGIN PRIVATE KEY-----\n', PEM_LINE),
  inside('pem without beginning', '', PEM_LINE, '\n-----END PRIVATE KEY-----'),
  inside(
    'openssh',
    '-----BEGIN OPENSSH PRIVATE KEY-----\n',
    `b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ${alnum(20)}`,
    '\n-----END OPENSSH PRIVATE KEY-----',
  ),
  inside(
    'pgp',
    '-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n',
    PEM_LINE,
    '\n-----END PGP PRIVATE KEY BLOCK-----',
  ),
  inside('pem in base64', 'tls.key: ', `LS0tLS1CRUdJTi${alnum(60)}`),
  inside('bcrypt', 'admin:', `$2y$05$${alnum(53)}`),
  inside('apr1', 'admin:', `$apr1$abcdefgh$${alnum(22)}`),
  inside('sha512 crypt', 'root:', `$6$saltsalt$${alnum(60)}`),
  inside('argon2', '', `$argon2id$v=19$m=65536,t=3,p=4$${alnum(22)}$${alnum(43)}`),
  inside('scram', '', `SCRAM-SHA-256$4096:${alnum(22)}==$${alnum(43)}=:${alnum(43)}=`),
];

export const PLANTED: readonly PlantedSecret[] = [...TOKENS, ...ASSIGNMENTS, ...ADDRESSES, ...BLOCKS];
