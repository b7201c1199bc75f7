import { createFileRegistry, type DescField, type DescMessage, fromBinary, ScalarType } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { auth, registry, token } from "@signet/contracts";
import { fileDescriptorSet } from "@signet/contracts/reflection";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encoded } from "../encoding.ts";
import { codecsOf, type ServiceDefinition } from "../service-definition.ts";

const described = createFileRegistry(fromBinary(FileDescriptorSetSchema, Buffer.from(fileDescriptorSet, "base64")));

/** Any message of a type, as services and the gateway write them: with some members missing, and with whole strings and safe integers. */
function messages({ members }: DescMessage, depth: number): fc.Arbitrary<object> {
  if (depth === 0) return fc.constant({});
  const arbitraries = Object.fromEntries(
    members.map((member) => [
      member.localName,
      member.kind === "oneof" ? fc.oneof(...member.fields.map((field) => chosen(field, depth))) : fields(member, depth),
    ]),
  );
  return fc.record(arbitraries, { requiredKeys: [] });
}

const chosen = (field: DescField, depth: number) => single(field, depth).map((value) => ({ $case: field.localName, value }));

function fields(field: DescField, depth: number): fc.Arbitrary<unknown> {
  const one = single(field, depth);
  return field.fieldKind === "list" ? fc.array(one, { maxLength: 3 }) : one;
}

function single(field: DescField, depth: number): fc.Arbitrary<unknown> {
  if (field.message !== undefined) return messages(field.message, depth - 1);
  if (field.enum !== undefined) return fc.constantFrom(...field.enum.values.map(({ number }) => number));
  switch (field.scalar) {
    case ScalarType.STRING:
      return fc.string({ unit: "binary", maxLength: 8 });
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes));
    case ScalarType.UINT32:
      return fc.nat();
    case ScalarType.INT32:
      return fc.integer();
    default:
      return fc.maxSafeInteger();
  }
}

const services: readonly ServiceDefinition[] = [
  auth.AuthServiceDefinition,
  token.TokenServiceDefinition,
  registry.ClientRegistryServiceDefinition,
];
const carried = services.flatMap((definition) =>
  Object.values(definition.methods).flatMap((method) => {
    const signature = described.getService(definition.fullName)?.methods.find(({ name }) => name === method.name);
    if (signature === undefined) throw new Error(`${method.name} is not described`);
    const { request, response } = codecsOf(definition, method);
    return [
      { name: `${definition.fullName}/${method.name} request`, type: signature.input, codec: request },
      { name: `${definition.fullName}/${method.name} response`, type: signature.output, codec: response },
    ];
  }),
);

test.each(carried)("$name: what is handed over is what its bytes would have been read as", ({ type, codec }) => {
  fc.assert(
    fc.property(messages(type, 3), (message) => {
      const handedOver = codec.fromPartial(message);
      expect(codec.decode(encoded(codec, handedOver))).toEqual(handedOver);
    }),
    { numRuns: 30 },
  );
});

test("what is handed over is a copy: neither side sees what the other does to its own", () => {
  const { request } = codecsOf(token.TokenServiceDefinition, token.TokenServiceDefinition.methods.exchange);
  const sent = { tenant: "a", parameters: [{ name: "scope", value: "openid" }] };
  const received = request.fromPartial(sent);
  sent.parameters.push({ name: "more", value: "" });
  expect(received).toMatchObject({ parameters: [{ name: "scope", value: "openid" }] });
});
