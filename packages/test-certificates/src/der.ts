// The parts of an X.509 certificate, RFC 5280, in DER.

/** 1.2.840.10045.4.3.2 */
export const ecdsaWithSha256 = Buffer.from("2a8648ce3d040302", "hex");
/** 2.5.4.3 */
export const commonName = Buffer.from("550403", "hex");

/** DER, ITU-T X.690 section 8.1: tag, length, value. */
export function element(tag: number, value: Uint8Array): Buffer {
  const { length } = value;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), value]);
}

export const sequence = (...members: readonly Uint8Array[]) => element(0x30, Buffer.concat(members));
export const set = (...members: readonly Uint8Array[]) => element(0x31, Buffer.concat(members));
export const integer = (value: Uint8Array) => element(0x02, value);
export const bitString = (value: Uint8Array) => element(0x03, Buffer.concat([Buffer.of(0), value]));
export const objectIdentifier = (value: Uint8Array) => element(0x06, value);
export const utf8String = (value: string) => element(0x0c, Buffer.from(value));
export const generalizedTime = (value: string) => element(0x18, Buffer.from(value));
export const octetString = (value: Uint8Array) => element(0x04, value);
export const boolean = (value: boolean) => element(0x01, Buffer.of(value ? 0xff : 0));
/** Of a sequence's members the one with this number, where not all need be there. */
export const numbered = (number: number, value: Uint8Array) => element(0xa0 | number, value);

/** The certificate as a text. */
export function pem(certificate: Buffer): string {
  const base64 = certificate.toString("base64").replace(/.{64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}
