"""The cases, run by a grpcio client. README.md of the conformance tests says what each one shows."""

import threading
import time
import traceback

import grpc

import messages
from call import ECHO_INITIAL, ECHO_TRAILING
from client import Client

SPECIAL_MESSAGE = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
EVERY_BYTE = bytes(range(256))


def expect(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what}: got {actual!r}, expected {expected!r}")


def values(metadata, wanted):
    return [value for key, value in metadata if key == wanted]


def expect_failure(call, code, message=None):
    """Runs a call that must fail and returns its error."""
    try:
        call()
    except grpc.RpcError as error:
        expect(error.code(), code, f"status ({error.details()})")
        if message is not None:
            expect(error.details(), message, "status message")
        return error
    raise AssertionError(f"the call succeeded; expected {code}")


def empty_unary(client):
    expect(client.empty(), client.pb2.EmptyCallResponse(), "response")


def large_unary(client):
    expect(client.unary(response_size=314159, payload=271828), 314159, "payload size")


def client_streaming(client):
    expect(client.streaming_input([27182, 8, 1828, 45904]), 74922, "aggregated size")


def server_streaming(client):
    sizes = [31415, 9, 2653, 58979]
    expect([len(response.payload.body) for response in client.streaming_output(sizes)], sizes, "payload sizes")


def ping_pong(client):
    stream = client.full_duplex()
    for request, response in [(27182, 31415), (8, 9), (1828, 2653), (45904, 58979)]:
        stream.send(request, response)
        expect(stream.receive(), response, "payload size")
    stream.complete()
    expect(stream.receive(), None, "end of the stream")


def empty_stream(client):
    stream = client.full_duplex()
    stream.complete()
    expect(stream.receive(), None, "end of the stream")


def cancel_after_begin(client):
    call = client.open_streaming_input()
    call.cancel()
    expect(call.code(), grpc.StatusCode.CANCELLED, "status")
    client.empty()


def cancel_after_first_response(client):
    stream = client.full_duplex()
    stream.send(27182, 31415, (31415, 10_000))
    expect(stream.receive(), 31415, "payload size")
    stream.call.cancel()
    expect_failure(stream.receive, grpc.StatusCode.CANCELLED)
    client.empty()


def timeout_on_sleeping_server(client):
    stream = client.full_duplex(timeout=1)
    stream.send(27182, (31415, 10_000))
    expect_failure(stream.receive, grpc.StatusCode.DEADLINE_EXCEEDED)


def custom_metadata(client):
    sent = [(ECHO_INITIAL, "test_initial_metadata_value"), (ECHO_TRAILING, EVERY_BYTE)]

    def check(call):
        expect(values(call.initial_metadata(), ECHO_INITIAL), ["test_initial_metadata_value"], "initial metadata")
        expect(values(call.trailing_metadata(), ECHO_TRAILING), [EVERY_BYTE], "trailing metadata")

    check(client.unary_with_call(metadata=sent)[1])
    stream = client.full_duplex(metadata=sent)
    stream.send(1, 1)
    expect(stream.receive(), 1, "payload size")
    stream.complete()
    expect(stream.receive(), None, "end of the stream")
    check(stream.call)


def repeated_binary_metadata(client):
    sent = [b"\xab\xab\xab", EVERY_BYTE]
    _, call = client.unary_with_call(metadata=[(ECHO_TRAILING, value) for value in sent])
    expect(values(call.trailing_metadata(), ECHO_TRAILING), sent, "trailing metadata")


def status_code_and_message(client):
    status = client.pb2.EchoStatus(code=2, message="test status message")
    expect_failure(lambda: client.unary(status=status), grpc.StatusCode.UNKNOWN, status.message)
    stream = client.full_duplex()
    stream.send_status(status)
    expect_failure(stream.receive, grpc.StatusCode.UNKNOWN, status.message)


def special_status_message(client):
    status = client.pb2.EchoStatus(code=2, message=SPECIAL_MESSAGE)
    expect_failure(lambda: client.unary(status=status), grpc.StatusCode.UNKNOWN, SPECIAL_MESSAGE)


def status_details(client):
    info = client.pb2.ErrorInfo(reason="VM_NOT_READY", domain="failback.hyperv", metadata={"vm": "sql-01 ☺"})
    status = client.pb2.EchoStatus(code=9, message="not ready")
    status.details.add(type_url="type.googleapis.com/google.rpc.ErrorInfo", value=info.SerializeToString())
    error = expect_failure(lambda: client.unary(status=status), grpc.StatusCode.FAILED_PRECONDITION, "not ready")
    trailer = dict(error.trailing_metadata())["grpc-status-details-bin"]
    expect(client.pb2.RpcStatus.FromString(trailer).SerializeToString(), client.pb2.RpcStatus(code=9, message="not ready", details=status.details).SerializeToString(), "status details")


def unimplemented_method(client):
    expect_failure(lambda: client.call(messages.SERVICE, "UnimplementedCall"), grpc.StatusCode.UNIMPLEMENTED)


def unimplemented_service(client):
    expect_failure(lambda: client.call(messages.UNIMPLEMENTED_SERVICE, "Call"), grpc.StatusCode.UNIMPLEMENTED)


def client_compressed_unary(client):
    # The probe: a server that cannot tell would let a client believe that it compresses.
    expect_failure(lambda: client.unary(payload=271828, expect_compressed=True), grpc.StatusCode.INVALID_ARGUMENT)
    expect(client.unary(314159, 271828, expect_compressed=True, compression=grpc.Compression.Gzip), 314159, "payload size")
    expect(client.unary(314159, 271828), 314159, "payload size")


def client_compressed_streaming(client):
    # grpcio's Python surface compresses all messages of a call or none.
    expect(client.streaming_input([27182, 45904], expect_compressed=True, compression=grpc.Compression.Gzip), 73086, "aggregated size")


def server_compressed_unary(client):
    expect(client.unary(response_size=314159, response_compressed=True), 314159, "payload size")
    expect(client.unary(response_size=314159), 314159, "payload size")


def server_compressed_streaming(client):
    responses = client.streaming_output([31415, 92653], compressed=[True, False])
    expect([len(response.payload.body) for response in responses], [31415, 92653], "payload sizes")


def compressed_empty_message(client):
    client.empty(compression=grpc.Compression.Gzip)


def oversized_request(client):
    expect_failure(lambda: client.unary(payload=messages.MAX_MESSAGE_BYTES + 1), grpc.StatusCode.RESOURCE_EXHAUSTED)
    client.empty()


def oversized_response(client):
    expect_failure(lambda: client.unary(response_size=messages.MAX_MESSAGE_BYTES + 1), grpc.StatusCode.RESOURCE_EXHAUSTED)
    client.empty()


def unary_after_idle(client):
    client.empty()
    time.sleep(client.idle_seconds)
    client.empty()


def stream_after_idle(client):
    stream = client.full_duplex()
    stream.send(8, 9)
    expect(stream.receive(), 9, "payload size")
    time.sleep(client.idle_seconds)
    stream.send(1828, 2653)
    expect(stream.receive(), 2653, "payload size")
    stream.complete()
    expect(stream.receive(), None, "end of the stream")


IDLE = [unary_after_idle, stream_after_idle]
AT_ONCE = [
    empty_unary, large_unary, client_streaming, server_streaming, ping_pong, empty_stream, cancel_after_begin,
    cancel_after_first_response, timeout_on_sleeping_server, custom_metadata, repeated_binary_metadata, status_code_and_message, special_status_message,
    status_details, unimplemented_method, unimplemented_service, client_compressed_unary, client_compressed_streaming,
    server_compressed_unary, server_compressed_streaming, compressed_empty_message, oversized_request, oversized_response,
]


def run(pb2, arguments, report):
    """Runs every case and reports each one; the idle ones wait on connections of their own meanwhile."""

    def run_case(case, client):
        started = time.monotonic()
        detail = ""
        try:
            case(client.for_case(case.__name__))
        except Exception:
            detail = traceback.format_exc()
        report(case=case.__name__, passed=not detail, seconds=round(time.monotonic() - started, 3), detail=detail)

    def run_idle(case):
        with Client(pb2, arguments, keepalive_millis=2000) as client:
            run_case(case, client)

    idle = [threading.Thread(target=run_idle, args=(case,)) for case in IDLE]
    for thread in idle:
        thread.start()
    with Client(pb2, arguments) as client:
        for case in AT_ONCE:
            run_case(case, client)
    for thread in idle:
        thread.join()
