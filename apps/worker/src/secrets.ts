/** Variables whose values must never be seen. */
const SECRET_VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LOSSMILL_TOKEN',
  'OTEL_EXPORTER_OTLP_HEADERS',
] as const;

/** Shorter ones would turn ordinary words into stars. */
const LEAST_SECRET = 4;

/** "scheme://user:password@": all up to the last @ before the path. */
const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)[^\s/"'`<>]*@/gi;
/** What signs a URL of an object store. */
const SIGNATURE =
  /([?&](?:x-amz-(?:signature|credential|security-token)|sig|signature|token|awsaccesskeyid)=)[^&\s"'`<>\\]+/gi;

/**
 * Takes credentials out of text: the last net under everything that is logged, whoever wrote the message.
 * @param redis URL whose name and password are secret
 */
export function scrubber(redis: string, env: NodeJS.ProcessEnv): (text: string) => string {
  const secrets = [...passwordsOf(redis), ...SECRET_VARIABLES.map((name) => env[name] ?? '')]
    .filter((secret) => secret.length >= LEAST_SECRET)
    // As JSON has them.
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text.replace(USER_INFO, '$1***@').replace(SIGNATURE, '$1***');
    for (const secret of secrets) clean = clean.replaceAll(secret, '***');
    return clean;
  };
}

function passwordsOf(url: string): string[] {
  const { password } = URL.canParse(url) ? new URL(url) : { password: '' };
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    // A lone % stands for itself; what else is encoded may be said either way.
    return [password, password.replace(/%([\da-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))];
  }
}
