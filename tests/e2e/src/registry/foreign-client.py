"""What an internal service in Python does with the registry: python foreign-client.py <host:port> <service token>

    pip install grpcio grpcio-tools
    python -m grpc_tools.protoc -I proto --python_out=. --grpc_python_out=. \
        proto/signet/common/v1/common.proto proto/signet/registry/v1/registry.proto
"""

import sys

import grpc
from signet.registry.v1 import registry_pb2 as messages
from signet.registry.v1.registry_pb2_grpc import ClientRegistryServiceStub

address, token = sys.argv[1:]
registry = ClientRegistryServiceStub(grpc.insecure_channel(address))
call = {"metadata": [("authorization", "Bearer " + token)], "timeout": 2}


def told(watch):
    """The next event, but for those that only say that nothing has changed."""
    return next(message for message in watch if message.WhichOneof("event") != "quiet")


def refused(method, request, **options):
    try:
        method(request, **(call | options))
    except grpc.RpcError as error:
        print(error.code().name, "-", error.details())


created = registry.CreateTenant(messages.CreateTenantRequest(name="acme"), **call)
print("created the tenant", created.tenant.name)

watch = registry.Watch(messages.WatchRequest(), metadata=call["metadata"])
print("watching, resumed:", told(watch).ready.resumed)

made = registry.CreateClient(
    messages.CreateClientRequest(
        tenant="acme",
        metadata=messages.ClientMetadata(client_name="Billing", redirect_uris=["https://billing.example/callback"]),
    ),
    **call,
)
client_id = made.client.client_id
print("created the client", made.client.metadata.client_name)

print("told of the client:", told(watch).client_changed.client_id == client_id)

listed = registry.ListClients(messages.ListClientsRequest(tenant="acme"), **call)
print("listed", [entry.client.metadata.client_name for entry in listed.clients])

rotated = registry.UpdateClient(
    messages.UpdateClientRequest(tenant="acme", client_id=client_id, rotate_secret=True), **call
)
print("rotated the secret:", rotated.client_secret != made.client_secret)

refused(
    registry.CreateClient,
    messages.CreateClientRequest(
        tenant="acme", metadata=messages.ClientMetadata(redirect_uris=["javascript:alert(1)"])
    ),
)
refused(registry.GetClient, messages.GetClientRequest(tenant="acme", client_id="nobody"))
refused(registry.GetTenant, messages.GetTenantRequest(name="acme"), metadata=[])

registry.DeleteClient(messages.DeleteClientRequest(tenant="acme", client_id=client_id), **call)
registry.DeleteTenant(messages.DeleteTenantRequest(name="acme"), **call)
print("told of", [told(watch).WhichOneof("event") for _ in range(3)])
watch.cancel()
