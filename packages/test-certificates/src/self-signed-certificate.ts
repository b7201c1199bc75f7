import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import {
  bitString,
  commonName,
  ecdsaWithSha256,
  generalizedTime,
  integer,
  objectIdentifier,
  pem,
  sequence,
  set,
  utf8String,
} from "./der.ts";

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
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: pem(certificate),
  };
}
