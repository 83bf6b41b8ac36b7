#!/usr/bin/env python3
"""Runs a campaign from its document to its end: creates and starts it, follows it, prints what failed and why, and exports the audit.

    python3 run_campaign.py --address coordinator.example:7444 --ca ca.pem --cert operator-maria.pem --key operator-maria-key.pem \\
        return-to-east.yaml --audit audit.jsonl

Needs grpcio, and the generated contracts on PYTHONPATH (protos/README.md, Examples). Exit codes: 0 every machine is
home, 1 some are not, 2 the coordinator has refused a call.
"""

import argparse
import inspect
import json
import pathlib
import sys
import time

import grpc
from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2
from hyperv.campaigns.v1 import audit_pb2, campaign_pb2, campaigns_pb2

SERVICE = "/hyperv.campaigns.v1.Campaigns/"
CALL_SECONDS = 60
RECONNECT_SECONDS = 1.0
HOME = (campaign_pb2.ITEM_STATE_SUCCEEDED, campaign_pb2.ITEM_STATE_SUCCEEDED_WITH_WARNINGS)
ENDED = (campaign_pb2.CAMPAIGN_STATE_COMPLETED, campaign_pb2.CAMPAIGN_STATE_COMPLETED_WITH_FAILURES, campaign_pb2.CAMPAIGN_STATE_STOPPED)


# The record's hash covers every field, so every field is written; newer versions of protobuf call that otherwise.
EVERY_FIELD = next(name for name in ("always_print_fields_with_no_presence", "including_default_value_fields") if name in inspect.signature(json_format.MessageToJson).parameters)


def details_of(error):
    """The google.rpc.Status of a failed call; without details when no coordinator answered."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            return status_pb2.Status.FromString(value)
    return status_pb2.Status(code=error.code().value[0], message=error.details())


def detail(status, kind):
    """The first detail of a kind; an empty one when there is none."""
    found = kind()
    next((any_value for any_value in status.details if any_value.Unpack(found)), None)
    return found


def explain(error):
    """One line for each thing that a failed call says."""
    status = details_of(error)
    info = detail(status, error_details_pb2.ErrorInfo)
    yield f"{error.code().name} {info.reason} ({info.domain}): {status.message}"
    for violation in detail(status, error_details_pb2.BadRequest).field_violations:
        yield f"  {violation.field}: {violation.description}"
    for violation in detail(status, error_details_pb2.PreconditionFailure).violations:
        yield f"  {violation.type} {violation.subject}: {violation.description}"


class Campaigns:
    """The methods used here, each under its own deadline."""

    def __init__(self, channel):
        self.channel = channel

    def call(self, method, request, response):
        stub = self.channel.unary_unary(SERVICE + method, type(request).SerializeToString, response.FromString)
        # A call without an effect yet is repeated; every method used here may be.
        return retried(lambda: stub(request, timeout=CALL_SECONDS))

    def stream(self, method, request, response):
        return self.channel.unary_stream(SERVICE + method, type(request).SerializeToString, response.FromString)(request)


def retried(call):
    """Makes a call until a coordinator answers, and waits as long as it asks for in between."""
    while True:
        try:
            return call()
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE:
                raise
            delay = detail(details_of(error), error_details_pb2.RetryInfo).retry_delay.ToTimedelta().total_seconds()
            print(f"The coordinator is unavailable: {error.details()}", file=sys.stderr)
            time.sleep(delay or RECONNECT_SECONDS)


def follow(campaigns, name):
    """Follows a campaign to its end and returns its items by name. A stream that breaks is opened again: it begins with a snapshot."""

    def once():
        campaign, items = campaign_pb2.Campaign(), {}
        for update in campaigns.stream("WatchCampaign", campaigns_pb2.WatchCampaignRequest(name=name), campaigns_pb2.CampaignUpdate):
            if update.HasField("campaign"):
                if update.campaign.revision != campaign.revision:
                    items.clear()  # A replaced document: what came before is of another plan.
                campaign = update.campaign
                print(f"{campaign_pb2.CampaignState.Name(campaign.state)}: {campaign.counts.succeeded} of {campaign.counts.total} home, {campaign.counts.failed} failed", flush=True)
            items.update((item.name, item) for item in update.items)
        return campaign, items

    while True:
        campaign, items = retried(once)
        if campaign.state in ENDED:
            return items


def run(campaigns, arguments):
    document = campaigns_pb2.CreateCampaignRequest(campaign_id=arguments.id, accept_warnings=arguments.accept_warnings)
    document.document.text = arguments.document.read_text(encoding="utf-8")
    document.document.source = arguments.document.name
    created = campaigns.call("CreateCampaign", document, campaign_pb2.Campaign)
    campaigns.call("StartCampaign", campaigns_pb2.StartCampaignRequest(name=created.name), campaign_pb2.Campaign)
    items = follow(campaigns, created.name)
    for item in items.values():
        if item.state not in HOME:
            print(f"{item.virtual_machine_name} on {item.host}: {campaign_pb2.ItemState.Name(item.state)} {item.failure_reason}: {item.explanation}")
    if arguments.audit:
        export = campaigns_pb2.ExportAuditRequest(name=created.name)
        records = retried(lambda: list(campaigns.stream("ExportAudit", export, audit_pb2.AuditRecord)))
        lines = [json_format.MessageToJson(record, preserving_proto_field_name=True, indent=None, **{EVERY_FIELD: True}) for record in records]
        # What failback audit verify reads: which campaign, the records, and how many there are, so that a cut file shows.
        lines.insert(0, json.dumps({"format": "failback-audit/v1", "campaign": created.name}))
        lines.append(json.dumps({"records": len(records), "head": records[-1].hash.hex()}))
        arguments.audit.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if all(item.state in HOME for item in items.values()) else 1


def main():
    parser = argparse.ArgumentParser(description="Runs a campaign from its document to its end.")
    parser.add_argument("document", type=pathlib.Path, help="the campaign's document, YAML")
    parser.add_argument("--address", required=True, help="the coordinator, HOST:PORT")
    parser.add_argument("--id", default="", help="the campaign's id; the name in the document unless given")
    parser.add_argument("--accept-warnings", action="store_true", help="create the campaign although its plan has warnings")
    parser.add_argument("--audit", type=pathlib.Path, help="where to write the audit, one JSON object on each line")
    for name in ("ca", "cert", "key"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True, help="PEM file")
    arguments = parser.parse_args()
    credentials = grpc.ssl_channel_credentials(arguments.ca.read_bytes(), arguments.key.read_bytes(), arguments.cert.read_bytes())
    with grpc.secure_channel(arguments.address, credentials, [("grpc.keepalive_time_ms", 30_000)]) as channel:
        try:
            return run(Campaigns(channel), arguments)
        except grpc.RpcError as error:
            print(*explain(error), sep="\n", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main())
