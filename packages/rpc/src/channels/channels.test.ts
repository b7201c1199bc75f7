import { grpcUnderTest, inprocUnderTest, muxUnderTest } from "../contract/carrier-under-test.ts";
import { channelContract } from "../contract/channel-contract.ts";
import { credentialsContract } from "../contract/credentials-contract.ts";
import { networkContract } from "../contract/network-contract.ts";
import { rotationContract } from "../contract/rotation-contract.ts";
import { streamingContract } from "../contract/streaming-contract.ts";

for (const carrier of [inprocUnderTest, grpcUnderTest, muxUnderTest]) {
  channelContract(carrier);
  credentialsContract(carrier);
  streamingContract(carrier);
}
for (const carrier of [grpcUnderTest, muxUnderTest]) {
  networkContract(carrier);
  rotationContract(carrier);
}
