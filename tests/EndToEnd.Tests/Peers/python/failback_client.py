#!/usr/bin/env python3
"""Talks to one agent from Python with plain grpcio: lists its virtual machines, or fails one of them back.

Needs grpcio, protobuf and protoc, as Debian packages python3-grpcio, python3-protobuf and protobuf-compiler. The contracts
are compiled from the .proto files at start-up into a temporary directory; nothing generated is kept.

Standard output has one JSON object per line. Exit codes:
  0  the list is complete; the failback succeeded (with or without warnings)
  1  the failback ended otherwise: FAILED, CANCELLED, UNKNOWN_OUTCOME
  2  the command line is wrong, or protoc cannot compile the contracts
  3  the call failed before there was an outcome; the last line is {"error": ...}
"""

import argparse
import importlib
import json
import pathlib
import subprocess
import sys
import tempfile
import uuid

import grpc
from google.protobuf import json_format

SERVICE = "/hyperv.failback.v1.Failback/"
CONTRACTS = (
    "hyperv/failback/v1/host.proto",
    "hyperv/failback/v1/replication.proto",
    "hyperv/failback/v1/readiness.proto",
    "hyperv/failback/v1/operation.proto",
    "hyperv/failback/v1/failback.proto",
)
# The wire format of the rich errors (google/rpc/status.proto, error_details.proto), as far as it is read here.
RICH_ERRORS = """
syntax = "proto3";
package google.rpc;
import "google/protobuf/any.proto";
message Status { int32 code = 1; string message = 2; repeated google.protobuf.Any details = 3; }
message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
"""

EXIT_OUTCOME = 1
EXIT_USAGE = 2
EXIT_CALL = 3


class Contracts:
    """The message classes, compiled for this run."""

    def __init__(self, protos, directory):
        (directory / "rich_errors.proto").write_text(RICH_ERRORS, encoding="utf-8")
        command = ["protoc", f"-I{protos}", f"-I{directory}", f"--python_out={directory}", "rich_errors.proto", *CONTRACTS]
        compiled = subprocess.run(command, capture_output=True, text=True, check=False)
        if compiled.returncode != 0:
            raise RuntimeError(f"protoc cannot compile the contracts in {protos}: {compiled.stderr.strip()}")
        sys.path.insert(0, str(directory))
        self.failback = importlib.import_module("hyperv.failback.v1.failback_pb2")
        self.operation = importlib.import_module("hyperv.failback.v1.operation_pb2")
        self.replication = importlib.import_module("hyperv.failback.v1.replication_pb2")
        self.host = importlib.import_module("hyperv.failback.v1.host_pb2")
        self.errors = importlib.import_module("rich_errors_pb2")


class Agent:
    """The agent's methods that are used here."""

    def __init__(self, channel, contracts):
        messages = contracts.failback
        self.get_host = channel.unary_unary(
            SERVICE + "GetHost",
            request_serializer=messages.GetHostRequest.SerializeToString,
            response_deserializer=contracts.host.Host.FromString)
        self.list_virtual_machines = channel.unary_unary(
            SERVICE + "ListVirtualMachines",
            request_serializer=messages.ListVirtualMachinesRequest.SerializeToString,
            response_deserializer=messages.ListVirtualMachinesResponse.FromString)
        self.initiate_failback = channel.unary_stream(
            SERVICE + "InitiateFailback",
            request_serializer=messages.InitiateFailbackRequest.SerializeToString,
            response_deserializer=contracts.operation.FailbackProgress.FromString)


def write(message):
    """Writes a message as one line of JSON, with the field names of the contract."""
    print(json.dumps(json_format.MessageToDict(message, preserving_proto_field_name=True), ensure_ascii=False), flush=True)


def virtual_machines(agent, contracts, page_size, timeout):
    """All virtual machines, page by page."""
    page_token = ""
    while True:
        page = agent.list_virtual_machines(
            contracts.failback.ListVirtualMachinesRequest(page_size=page_size, page_token=page_token), timeout=timeout)
        yield from page.virtual_machines
        page_token = page.next_page_token
        if not page_token:
            return


def show_host(agent, contracts, arguments):
    write(agent.get_host(contracts.failback.GetHostRequest(), timeout=arguments.timeout))
    return 0


def list_vms(agent, contracts, arguments):
    for machine in virtual_machines(agent, contracts, arguments.page_size, arguments.timeout):
        write(machine)
    return 0


def fail_back(agent, contracts, arguments):
    request = contracts.failback.InitiateFailbackRequest(operation_id=arguments.operation_id, virtual_machine_id=arguments.vm)
    outcome = None
    try:
        for progress in agent.initiate_failback(request, timeout=arguments.timeout):
            write(progress)
            if progress.HasField("outcome"):
                outcome = progress.outcome
    except grpc.RpcError as error:
        # A failback that failed ends its stream with the status of its outcome, which was told already.
        if outcome is None:
            raise
        write_error(error, contracts)
    if outcome is None:
        raise RuntimeError("the stream ended with OK and without an outcome, which the contract rules out")
    states = contracts.operation
    succeeded = (states.OPERATION_STATE_SUCCEEDED, states.OPERATION_STATE_SUCCEEDED_WITH_WARNINGS)
    return 0 if outcome.state in succeeded else EXIT_OUTCOME


def write_error(error, contracts):
    """Writes a failed call with its rich details as one line of JSON."""
    failure = {"code": error.code().name, "message": error.details()}
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in contracts.errors.Status.FromString(value).details:
                info = contracts.errors.ErrorInfo()
                if detail.Unpack(info):
                    failure.update(domain=info.domain, reason=info.reason, metadata=dict(info.metadata))
    print(json.dumps({"error": failure}, ensure_ascii=False), flush=True)


def open_channel(arguments):
    credentials = grpc.ssl_channel_credentials(
        root_certificates=arguments.ca.read_bytes(),
        private_key=arguments.key.read_bytes(),
        certificate_chain=arguments.cert.read_bytes())
    options = [("grpc.enable_http_proxy", 0)]
    if arguments.server_name:
        # grpcio wants the name or address that it connects to in the server's certificate. Where it is not, name one that is.
        options.append(("grpc.ssl_target_name_override", arguments.server_name))
    return grpc.secure_channel(arguments.address, credentials, options)


def parse(arguments):
    parser = argparse.ArgumentParser(description="Talks to one failback agent.")
    parser.add_argument("--address", required=True, help="HOST:PORT of the agent")
    parser.add_argument("--ca", required=True, type=pathlib.Path, help="the authority's certificate, PEM")
    parser.add_argument("--cert", required=True, type=pathlib.Path, help="our certificate, PEM")
    parser.add_argument("--key", required=True, type=pathlib.Path, help="its private key, PEM")
    parser.add_argument("--protos", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[4] / "protos",
                        help="the directory of the contracts")
    parser.add_argument("--server-name", help="a DNS name in the agent's certificate, if the address is not in it")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one call")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("host", help="describe the host").set_defaults(run=show_host)
    listing = commands.add_parser("list", help="list the virtual machines")
    listing.add_argument("--page-size", type=int, default=0)
    listing.set_defaults(run=list_vms)
    failing = commands.add_parser("failback", help="fail one virtual machine back and follow it to its end")
    failing.add_argument("--vm", required=True, help="the virtual machine's GUID")
    failing.add_argument("--operation-id", default=str(uuid.uuid4()), help="the idempotency key; repeat it to join")
    failing.set_defaults(run=fail_back)
    return parser.parse_args(arguments)


def main():
    arguments = parse(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="failback-contracts-") as directory:
        try:
            contracts = Contracts(arguments.protos, pathlib.Path(directory))
        except (OSError, RuntimeError) as problem:
            print(problem, file=sys.stderr)
            return EXIT_USAGE
        with open_channel(arguments) as channel:
            try:
                return arguments.run(Agent(channel, contracts), contracts, arguments)
            except grpc.RpcError as error:
                write_error(error, contracts)
                return EXIT_CALL


if __name__ == "__main__":
    sys.exit(main())
