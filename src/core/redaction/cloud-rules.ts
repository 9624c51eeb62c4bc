import { afterGroup, type TextRule, wholeMatch } from './text-rule.ts';

/** Keys of clouds, storage and cluster software. */
export const CLOUD_RULES: readonly TextRule[] = [
  afterGroup(
    'aws-key-pair',
    ['akia', 'asia'],
    /((?:AKIA|ASIA)[A-Z0-9]{16}[\s,:;|"'=]{1,4})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/g,
  ),
  wholeMatch(
    'aws-access-key-id',
    ['akia', 'asia', 'abia', 'acca'],
    /(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])/g,
  ),
  wholeMatch(
    'aws-session-token',
    ['fwogzxivyxdz', 'iqojb3jpz2lu'],
    /(?:FwoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9/+=_%-]{16,}/g,
  ),
  wholeMatch('aws-mws-token', ['amzn.mws.'], /amzn\.mws\.[0-9a-f-]{36}/g),
  wholeMatch('aws-bedrock-key', ['absk'], /(?<![A-Za-z0-9])ABSK[A-Za-z0-9+/]{60,}={0,2}/g),
  afterGroup('aws-presigned-url', ['x-amz-'], /(X-Amz-(?:Signature|Credential|Security-Token)(?:=|%3D))[^\s&"'<>]+/gi),
  wholeMatch('gcp-api-key', ['aiza'], /(?<![A-Za-z0-9])AIza[\w-]{35}/g),
  wholeMatch('google-oauth-access-token', ['ya29.'], /ya29\.[\w.-]{16,}/g),
  wholeMatch('google-oauth-refresh-token', ['1//0'], /(?<![\w/])1\/\/0[\w-]{30,}/g),
  wholeMatch('google-oauth-client-secret', ['gocspx-'], /GOCSPX-[\w-]{20,}/g),
  afterGroup('gcp-signed-url', ['x-goog-', 'googleaccessid='], /((?:X-Goog-Signature|[?&]Signature)=)[^\s&"'<>]+/gi),
  afterGroup('azure-storage-account-key', ['accountkey'], /(AccountKey=)[A-Za-z0-9+/=]{16,}/gi),
  afterGroup('azure-shared-access-key', ['sharedaccesskey'], /(SharedAccessKey=)[A-Za-z0-9+/=]{16,}/gi),
  afterGroup(
    'azure-sas-signature',
    ['sig='],
    /((?<![A-Za-z0-9])sig=)(?=[a-z_-]{0,64}[A-Z0-9%+/])[A-Za-z0-9%+/=_-]{16,}/g,
  ),
  wholeMatch('azure-client-secret', ['q~'], /(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,34}/g),
  wholeMatch(
    'azure-devops-or-acr-key',
    ['azdo', '+acr', '+ast'],
    /(?<![A-Za-z0-9])[A-Za-z0-9+/]{42,76}(?:AZDO|\+ACR|\+ASt)[A-Za-z0-9+/]{4,10}={0,2}/g,
  ),
  wholeMatch('alibaba-access-key', ['ltai'], /(?<![A-Za-z0-9])LTAI[A-Za-z0-9]{16,24}(?![A-Za-z0-9])/g),
  wholeMatch('tencent-secret-id', ['akid'], /(?<![A-Za-z0-9])AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])/g),
  wholeMatch('yandex-api-key', ['aqvn'], /(?<![A-Za-z0-9])AQVN[\w-]{35,38}/g),
  wholeMatch('digitalocean-token', ['_v1_'], /(?<![A-Za-z0-9])do[opr]_v1_[a-f0-9]{32,}/g),
  wholeMatch('heroku-token', ['hrku-'], /HRKU-[\w-]{30,}/g),
  afterGroup('heroku-api-key', ['heroku'], /(heroku[\w .-]{0,24}[=:]\s{0,3}["']?)[0-9a-f]{8}-[0-9a-f-]{27}/gi),
  wholeMatch('fly-token', ['flyv1', 'fm2_', 'fo1_'], /(?<![A-Za-z0-9])(?:fm[12][ar]?|fo1)_[A-Za-z0-9+/=_-]{30,}/g),
  wholeMatch('cloudflare-origin-ca-key', ['v1.0-'], /(?<![\w.])v1\.0-[a-f0-9]{24}-[a-f0-9]{100,}/g),
  wholeMatch('scaleway-key', ['scw'], /(?<![A-Za-z0-9])SCW[A-Z0-9]{17}(?![A-Z0-9])/g),
  wholeMatch('ceph-key', ['aq'], /(?<![A-Za-z0-9+/])AQ[A-Za-z0-9+/]{32,40}==/g),
  afterGroup(
    'ceph-key-argument',
    ['key'],
    /((?<![A-Za-z])key\\{0,3}["']?\s{0,3}[=: ]\s{0,3}\\{0,3}["']?)AQ[A-Za-z0-9+/]{8,}={0,2}/gi,
  ),
  wholeMatch('vault-token', ['hvs.', 'hvb.', 'hvr.'], /(?<![A-Za-z0-9])hv[sbr]\.[\w-]{20,}/g),
  // The digit tells a token from a method name such as `s.startServingRequests`.
  wholeMatch('vault-legacy-token', ['s.'], /(?<![\w.\-/])s\.(?=[A-Za-z]{0,23}\d)[A-Za-z0-9]{24}(?![\w.(])/g),
  wholeMatch('terraform-cloud-token', ['.atlasv1.'], /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{30,}/g),
  wholeMatch('doppler-token', ['dp.'], /(?<![\w.])dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{30,}/g),
  wholeMatch('pulumi-token', ['pul-'], /(?<![A-Za-z0-9])pul-[a-f0-9]{40}/g),
  wholeMatch('onepassword-service-token', ['ops_eyj'], /ops_eyJ[A-Za-z0-9+/=_-]{30,}/g),
  wholeMatch('onepassword-secret-key', ['a3-'], /(?<![A-Za-z0-9])A3-[A-Z0-9]{6}-[A-Z0-9]{6,11}(?:-[A-Z0-9]{5}){3,4}/g),
  afterGroup(
    'kubernetes-bootstrap-token',
    ['bootstrap'],
    /(bootstrap[- ]tokens?[ :="']{1,4})[a-z0-9]{6}\.[a-z0-9]{16}(?![a-z0-9])/gi,
  ),
  afterGroup(
    'kubeconfig-client-key',
    ['client-key-data'],
    /(client-key-data\\{0,3}["']?\s{0,3}[:=]\s{0,8}\\{0,3}["']?)[A-Za-z0-9+/=_-]{8,}/gi,
  ),
  wholeMatch('base64-of-pem', ['ls0tls1crudjti'], /LS0tLS1CRUdJTi[A-Za-z0-9+/]{8,}={0,2}/g),
  // Also what a cut-off log line leaves of a token, and base64 of `{"auths":…`.
  wholeMatch('json-web-token', ['eyj'], /(?<![A-Za-z0-9])eyJ[\w+/=-]{14,}(?:\.[\w+/=-]{2,}){0,4}/g),
  wholeMatch('age-secret-key', ['age-secret-key-'], /AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{20,}/gi),
];
