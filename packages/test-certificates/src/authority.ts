import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import {
  bitString,
  boolean,
  commonName,
  ecdsaWithSha256,
  element,
  generalizedTime,
  integer,
  numbered,
  objectIdentifier,
  octetString,
  pem,
  sequence,
  set,
  utf8String,
} from "./der.ts";

/** A certificate and its key, in PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

/** Whose certificates the processes of a test trust. */
export interface Authority {
  readonly certificate: string;
  /** For the common name, and for a server at `localhost` and 127.0.0.1. */
  issue(name: string): Issued;
}

/** 2.5.29.17 and 2.5.29.19 */
const [subjectAltName, basicConstraints] = [Buffer.from("551d11", "hex"), Buffer.from("551d13", "hex")];
const serverNames = sequence(element(0x82, Buffer.from("localhost")), element(0x87, Buffer.of(127, 0, 0, 1)));

export function newAuthority(): Authority {
  const name = `Signet test authority ${randomBytes(4).toString("hex")}`;
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const isAuthority = sequence(objectIdentifier(basicConstraints), boolean(true), octetString(sequence(boolean(true))));
  return {
    certificate: signed(name, name, keys.publicKey, isAuthority, keys.privateKey),
    issue(subject) {
      const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const names = sequence(objectIdentifier(subjectAltName), octetString(serverNames));
      return {
        certificate: signed(name, subject, publicKey, names, keys.privateKey),
        key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      };
    },
  };
}

/** RFC 5280 section 4.1, version 3, with one extension. */
function signed(issuer: string, subject: string, publicKey: KeyObject, extension: Buffer, by: KeyObject): string {
  const algorithm = sequence(objectIdentifier(ecdsaWithSha256));
  const toBeSigned = sequence(
    numbered(0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    named(issuer),
    sequence(generalizedTime("20200101000000Z"), generalizedTime("20991231235959Z")),
    named(subject),
    publicKey.export({ type: "spki", format: "der" }),
    numbered(3, sequence(extension)),
  );
  return pem(sequence(toBeSigned, algorithm, bitString(sign("sha256", toBeSigned, by))));
}

function named(name: string): Buffer {
  return sequence(set(sequence(objectIdentifier(commonName), utf8String(name))));
}
