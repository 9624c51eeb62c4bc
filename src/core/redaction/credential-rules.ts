import { afterGroup, type TextRule, wholeMatch } from './text-rule.ts';

/** Credentials told by the syntax around them: addresses, headers, command lines, password hashes. */
export const CREDENTIAL_RULES: readonly TextRule[] = [
  // Up to the last `@` before the path, because passwords with an unescaped `@` are common.
  afterGroup('url-password', ['://'], /(:\/\/[^\s:@/?#"'<>]{0,256}:)[^\s/?#"'<>]{1,512}(?=@)/g),
  // Database addresses often carry passwords with unescaped `/`, `?` and `#`; a port before the slash is not one.
  afterGroup(
    'dsn-password',
    ['://'],
    /((?:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|clickhouse|sqlserver)(?:\+\w{1,16})?:\/\/[^\s:@/"'<>]{0,256}:)(?!\d{1,5}\/)[^\s@"'<>]{1,512}(?=@)/gi,
  ),
  { ...wholeMatch('url-token', ['://'], /:\/\/[\w~.-]{20,512}(?=@)/g), replacement: '://[redacted]' },
  afterGroup(
    'go-mysql-dsn',
    ['@tcp', '@unix'],
    /((?:^|[\s"'=(])[\w.-]{1,64}:)[^\s"']{1,256}(?=@(?:tcp|unix)[46]?\()/gm,
  ),
  afterGroup('oracle-jdbc', ['jdbc:oracle'], /(jdbc:oracle:\w{1,8}:[^\s/@"']{1,64}\/)[^\s@"']{1,256}(?=@)/gi),
  afterGroup(
    'authorization-scheme',
    ['authorization'],
    /(authorization\\{0,3}["']?\s{0,3}[:=]\s{0,3}\[?\\{0,3}["']?(?:bearer|basic|token|digest|negotiate|apikey|bot|ssws|key|aws4-hmac-sha256|sharedkey)\s{1,3})(?!\[redacted\]|realm=|token\b|auth|header\b|scheme\b|is\b|required)[^\s"'\\\]]{2,}(?:, ?\w{2,20}=[^\s"'\\,\]]{1,512}){0,8}/gi,
  ),
  afterGroup(
    'authorization-header',
    ['authorization'],
    /(authorization\\{0,3}["']?\s{0,3}[:=]\s{0,3}\[?\\{0,3}["']?)(?=[A-Za-z_-]{0,40}\d)[\w+/=.~-]{16,}(?![\w+/=.~:-])/gi,
  ),
  // Outside a header the value must look encoded: "Bearer authentication" and "Basic auth" are prose. Base64 of
  // letters starts with a small letter, Y or Z and has capitals.
  afterGroup('bearer-token', ['bearer'], /(bearer\s{1,3})(?=[A-Za-z_.~+/-]{0,64}[\d=])[\w.~+/=-]{8,}/gi),
  afterGroup(
    'basic-credentials',
    ['basic'],
    /((?<![A-Za-z])(?:[Bb]asic|BASIC)\s{1,3})(?=[a-z0-9+/]{0,64}[A-Z])(?=[a-z]|Y[A-Za-z]|Z[A-Z0-9]|[A-Za-z+/]{0,64}[\d=])[A-Za-z0-9+/]{8,}={0,2}(?![\w-])/g,
  ),
  afterGroup(
    'cookie-header',
    ['cookie'],
    /((?:set-)?cookie\\{0,3}["']?: ?\\{0,3}["']?)[\w.-]{1,64}=[^\s"'\\;]{4,}(?:; ?[^\s"'\\;]{1,512}){0,32}/gi,
  ),
  afterGroup('docker-auth', ['auth'], /("auth\\{0,3}"\s{0,4}:\s{0,4}\\{0,3}")[A-Za-z0-9+/=_-]{4,}/gi),
  afterGroup('npmrc-auth', ['_auth'], /((?<![A-Za-z])_auth\s{0,2}=\s{0,2}"?)[A-Za-z0-9+/=]{6,}/g),
  afterGroup(
    'netrc',
    ['machine', 'default'],
    /((?:\bmachine\s{1,8}\S{1,255}|\bdefault)\s{1,8}login\s{1,8}\S{1,128}\s{1,8}password\s{1,8})\S{1,512}/gi,
  ),
  afterGroup(
    'mysql-client-password',
    ['mysql', 'mariadb'],
    /(\b(?:mysql|mariadb)(?:-?[a-z]{1,12})?\s[^\n|;&]{0,200}?(?<=\s)-p\s?)(?!-)[^\s"'-][^\s"']{0,255}/g,
  ),
  afterGroup('redis-cli-password', ['redis-cli'], /(redis-cli\s[^\n|;&]{0,200}?(?<=\s)-a\s{1,2}["']?)[^\s"']{1,256}/g),
  afterGroup(
    'login-password',
    ['sshpass', 'docker', 'podman', 'helm', 'mongo', 'skopeo', 'sqlcmd'],
    /(\b(?:sshpass|(?:docker|podman|helm registry|skopeo) login|mongo(?:sh|dump|restore)?|sqlcmd)\s[^\n|;&]{0,200}?(?<=\s)-[pP]\s{0,2}["']?)(?!-)[^\s"'-][^\s"']{0,255}/g,
  ),
  afterGroup(
    'curl-user',
    ['curl', 'wget'],
    /(\b(?:curl|wget)\s[^\n|;&]{0,200}?(?<=\s)(?:-u|--user)[ =]?["']?[^\s:"']{1,128}:)[^\s"']{1,256}/g,
  ),
  afterGroup(
    'ldap-bind-password',
    ['ldap'],
    /(\bldap[a-z]{1,10}\s[^\n|;&]{0,200}?(?<=\s)-w\s{0,2}["']?)(?!-)[^\s"'-][^\s"']{0,255}/g,
  ),
  afterGroup(
    'sql-password',
    ['identified', 'password'],
    /(\b(?:identified(?: with \w{1,40})? by|(?:with|encrypted|set) password(?: for \S{1,64})?(?: =)?)\s{1,3}')[^'\n]{1,256}(?=')/gi,
  ),
  afterGroup(
    'redis-config-password',
    ['requirepass', 'masterauth'],
    /(\b(?:requirepass|masterauth)\s{1,3}["']?)(?!is\b|set\b|not\b|option\b|directive\b)[^\s"']{1,256}/gi,
  ),
  afterGroup(
    'camel-case-password',
    ['pass'],
    /([a-z0-9]Pass\\{0,3}["']?\s{0,2}[:=]\s{0,2}\\{0,3}["']?)(?=[A-Za-z_-]{0,64}[\d!@#%^*+])[^\s"',;&\\]{4,}/g,
  ),
  wholeMatch('bcrypt-hash', ['$2'], /\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{20,53}/g),
  wholeMatch(
    'crypt-hash',
    ['$apr1$', '$1$', '$5$', '$6$', '$y$'],
    /\$(?:apr1|1|5|6|y)\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,32}\$[./A-Za-z0-9]{16,128}/g,
  ),
  wholeMatch('argon2-hash', ['$argon2'], /\$argon2(?:id|i|d)\$[\w$=,+/.-]{20,}/g),
  wholeMatch(
    'pbkdf2-hash',
    ['pbkdf2', 'scram-sha-'],
    /(?:\$?pbkdf2[_-]\w{3,8}|SCRAM-SHA-\d{1,3})\$\d{1,9}[$:][A-Za-z0-9./+=]{4,64}\$[A-Za-z0-9./+=:]{16,}/gi,
  ),
  wholeMatch('ldap-hash', ['{ssha', '{sha'], /\{S?SHA(?:256|512)?\}[A-Za-z0-9+/]{20,}={0,2}/g),
  wholeMatch('putty-private-lines', ['private-mac'], /Private-MAC: [0-9a-f]{20,}/g),
];
