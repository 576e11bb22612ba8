import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

// X.509 certificates (RFC 5280) as DER, as far as a test needs them: openssl may not be there.

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const hex = (text: string) => Buffer.from(text, 'hex');
/** 2.5.4.3 common name */
const nameOf = (text: string) => sequence(der(0x31, sequence(der(0x06, hex('550403')), der(0x0c, Buffer.from(text)))));
/** 1.2.840.10045.4.3.2: ECDSA with SHA-256 */
const ALGORITHM = sequence(der(0x06, hex('2a8648ce3d040302')));
const time = (date: Date) => der(0x18, Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`));
const extension = (id: string, value: Uint8Array) => sequence(der(0x06, hex(id)), der(0x04, value));
/** 2.5.29.19: an authority */
const AUTHORITY = extension('551d13', sequence(der(0x01, hex('ff'))));
/** 2.5.29.17: localhost and 127.0.0.1 */
const HERE = extension('551d11', sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1]))));
const YEAR_MS = 365 * 24 * 3_600_000;

interface Subject {
  name: string;
  publicKey: KeyObject;
  extension: Buffer;
}

function certificate({ name, publicKey, extension: own }: Subject, issuer: { name: string; key: KeyObject }): string {
  const signed = sequence(
    der(0xa0, der(0x02, hex('02'))),
    der(0x02, Buffer.concat([hex('01'), randomBytes(8)])),
    ALGORITHM,
    nameOf(issuer.name),
    sequence(time(new Date(Date.now() - YEAR_MS)), time(new Date(Date.now() + YEAR_MS))),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(own)),
  );
  const signature = der(0x03, hex('00'), sign('sha256', signed, issuer.key));
  const lines = sequence(signed, ALGORITHM, signature)
    .toString('base64')
    .match(/.{1,64}/g) as string[];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** PEM: an authority, and a certificate that it gave to 127.0.0.1 and localhost, with its key. */
export function certificates(): { authority: string; certificate: string; key: string } {
  const pair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const [root, server] = [pair(), pair()];
  const issuer = { name: 'lossmill test authority', key: root.privateKey };
  return {
    authority: certificate({ name: issuer.name, publicKey: root.publicKey, extension: AUTHORITY }, issuer),
    certificate: certificate({ name: 'localhost', publicKey: server.publicKey, extension: HERE }, issuer),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
