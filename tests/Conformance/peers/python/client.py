"""Calls of the test service over one grpcio channel."""

import queue

import grpc

import messages
from call import CASE

# Of every call, so that a hanging one fails its case.
PATIENCE_SECONDS = 60


class Client:
    def __init__(self, pb2, arguments, keepalive_millis=None, channel=None, case=None):
        self.pb2 = pb2
        self.idle_seconds = arguments.idle_seconds
        self._arguments = arguments
        self._case = case
        self._channel = channel or self._open(keepalive_millis)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._channel.close()

    def for_case(self, case):
        """The same channel; every call tells the server which case it belongs to."""
        return Client(self.pb2, self._arguments, channel=self._channel, case=case)

    def call(self, service, method):
        """Calls any method with an empty message."""
        return self._channel.unary_unary(f"/{service}/{method}")(b"", timeout=PATIENCE_SECONDS, metadata=self._metadata([]))

    def empty(self, compression=None):
        return self._method(self._channel.unary_unary, "EmptyCall")(
            self.pb2.EmptyCallRequest(), timeout=PATIENCE_SECONDS, metadata=self._metadata([]), compression=compression)

    def unary(self, response_size=0, payload=0, status=None, response_compressed=False, expect_compressed=False, compression=None):
        """The size of the response's payload."""
        request = self.pb2.UnaryCallRequest(
            response_size=response_size, payload=self._payload(payload), response_status=status,
            response_compressed=response_compressed, expect_compressed=expect_compressed)
        response = self._method(self._channel.unary_unary, "UnaryCall")(
            request, timeout=PATIENCE_SECONDS, metadata=self._metadata([]), compression=compression)
        return len(response.payload.body)

    def unary_with_call(self, metadata):
        return self._method(self._channel.unary_unary, "UnaryCall").with_call(
            self.pb2.UnaryCallRequest(response_size=1), timeout=PATIENCE_SECONDS, metadata=self._metadata(metadata))

    def streaming_input(self, sizes, expect_compressed=False, compression=None):
        """The aggregated size."""
        requests = (self.pb2.StreamingInputCallRequest(payload=self._payload(size), expect_compressed=expect_compressed) for size in sizes)
        return self._method(self._channel.stream_unary, "StreamingInputCall")(
            requests, timeout=PATIENCE_SECONDS, metadata=self._metadata([]), compression=compression).aggregated_payload_size

    def open_streaming_input(self):
        """A call that sends nothing and stays open."""
        return self._method(self._channel.stream_unary, "StreamingInputCall").future(
            iter(queue.Queue().get, None), timeout=PATIENCE_SECONDS, metadata=self._metadata([]))

    def streaming_output(self, sizes, compressed=None):
        parameters = [
            self.pb2.ResponseParameters(size=size, compressed=flag)
            for size, flag in zip(sizes, compressed or [False] * len(sizes))]
        return self._method(self._channel.unary_stream, "StreamingOutputCall")(
            self.pb2.StreamingOutputCallRequest(response_parameters=parameters), timeout=PATIENCE_SECONDS, metadata=self._metadata([]))

    def full_duplex(self, timeout=PATIENCE_SECONDS, metadata=()):
        return Duplex(self.pb2, self._method(self._channel.stream_stream, "FullDuplexCall"), timeout, self._metadata(metadata))

    def _metadata(self, more):
        return [(CASE, self._case), *more]

    def _payload(self, size):
        return self.pb2.Payload(body=bytes(size))

    def _method(self, kind, name):
        response = getattr(self.pb2, f"{name}Response")
        return kind(f"/{messages.SERVICE}/{name}", lambda message: message.SerializeToString(), response.FromString)

    def _open(self, keepalive_millis):
        options = [] if keepalive_millis is None else [
            ("grpc.keepalive_time_ms", keepalive_millis),
            ("grpc.keepalive_timeout_ms", 5000),
            ("grpc.keepalive_permit_without_calls", 1),
            ("grpc.http2.max_pings_without_data", 0),
            # A connection of its own, not the one that the other cases share.
            ("grpc.use_local_subchannel_pool", 1),
        ]
        if self._arguments.security == "plaintext":
            return grpc.insecure_channel(self._arguments.address, options)
        credentials = grpc.ssl_channel_credentials(self._arguments.authority, self._arguments.private_key, self._arguments.certificate)
        return grpc.secure_channel(self._arguments.address, credentials, options)


class Duplex:
    """A call of FullDuplexCall, one message at a time."""

    def __init__(self, pb2, method, timeout, metadata):
        self._pb2 = pb2
        self._requests = queue.Queue()
        self.call = method(iter(self._requests.get, None), timeout=timeout, metadata=metadata)

    def send(self, size, *responses):
        """Asks for responses of the given sizes, or (size, milliseconds to wait before)."""
        pairs = [response if isinstance(response, tuple) else (response, 0) for response in responses]
        parameters = [self._pb2.ResponseParameters(size=length, interval_millis=interval) for length, interval in pairs]
        self._requests.put(self._pb2.FullDuplexCallRequest(payload=self._pb2.Payload(body=bytes(size)), response_parameters=parameters))

    def send_status(self, status):
        self._requests.put(self._pb2.FullDuplexCallRequest(response_status=status))

    def complete(self):
        self._requests.put(None)

    def receive(self):
        """The size of the next payload; None at the end of the stream."""
        response = next(self.call, None)
        return None if response is None else len(response.payload.body)
