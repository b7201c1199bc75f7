import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A key and a certificate for a server of a test, in PEM. Nobody but a browser that accepts every certificate trusts it. */
export function selfSignedCertificate(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(objectIdentifier(ecdsaWithSha256));
  const name = sequence(set(sequence(objectIdentifier(commonName), utf8String("Signet test"))));
  const validity = sequence(generalizedTime("20200101000000Z"), generalizedTime("20991231235959Z"));
  const serialNumber = integer(Buffer.concat([Buffer.of(1), randomBytes(8)]));
  const subjectPublicKey = publicKey.export({ type: "spki", format: "der" });
  // TBSCertificate, RFC 5280 section 4.1, of version 1: without extensions.
  const toBeSigned = sequence(serialNumber, algorithm, name, validity, name, subjectPublicKey);
  const certificate = sequence(toBeSigned, algorithm, bitString(sign("sha256", toBeSigned, privateKey)));
  const base64 = certificate.toString("base64").replace(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

/** 1.2.840.10045.4.3.2 */
const ecdsaWithSha256 = Buffer.from("2a8648ce3d040302", "hex");
/** 2.5.4.3 */
const commonName = Buffer.from("550403", "hex");

/** DER, ITU-T X.690 section 8.1: tag, length, value. */
function element(tag: number, value: Uint8Array): Buffer {
  const { length } = value;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), value]);
}

const sequence = (...members: readonly Uint8Array[]) => element(0x30, Buffer.concat(members));
const set = (...members: readonly Uint8Array[]) => element(0x31, Buffer.concat(members));
const integer = (value: Uint8Array) => element(0x02, value);
const bitString = (value: Uint8Array) => element(0x03, Buffer.concat([Buffer.of(0), value]));
const objectIdentifier = (value: Uint8Array) => element(0x06, value);
const utf8String = (value: string) => element(0x0c, Buffer.from(value));
const generalizedTime = (value: string) => element(0x18, Buffer.from(value));
