"""The test service on a grpcio server."""

from concurrent import futures

import grpc

import messages
from call import Call


class TestService:
    def __init__(self, pb2, report):
        self._pb2 = pb2
        self._report = report

    def handlers(self):
        def handler(kind, behaviour, name):
            request = getattr(self._pb2, f"{name}Request")
            return kind(behaviour, request.FromString, lambda message: message.SerializeToString())

        return grpc.method_handlers_generic_handler(messages.SERVICE, {
            "EmptyCall": handler(grpc.unary_unary_rpc_method_handler, self.empty_call, "EmptyCall"),
            "UnaryCall": handler(grpc.unary_unary_rpc_method_handler, self.unary_call, "UnaryCall"),
            "StreamingInputCall": handler(grpc.stream_unary_rpc_method_handler, self.streaming_input_call, "StreamingInputCall"),
            "StreamingOutputCall": handler(grpc.unary_stream_rpc_method_handler, self.streaming_output_call, "StreamingOutputCall"),
            "FullDuplexCall": handler(grpc.stream_stream_rpc_method_handler, self.full_duplex_call, "FullDuplexCall"),
        })

    def empty_call(self, request, context):
        self._accept(context).answer()
        return self._pb2.EmptyCallResponse()

    def unary_call(self, request, context):
        # The encoding stands in the response headers: it must be chosen before they are sent.
        if request.response_compressed:
            context.set_compression(grpc.Compression.Gzip)
        call = self._accept(context)
        call.end_with(request.response_status)
        call.answer()
        return self._pb2.UnaryCallResponse(payload=self._payload(request.response_size))

    def streaming_input_call(self, requests, context):
        call = self._accept(context)
        size = sum(len(request.payload.body) for request in requests)
        call.answer()
        return self._pb2.StreamingInputCallResponse(aggregated_payload_size=size)

    def streaming_output_call(self, request, context):
        if any(parameters.compressed for parameters in request.response_parameters):
            context.set_compression(grpc.Compression.Gzip)
        call = self._accept(context)
        for parameters in request.response_parameters:
            if call.wait(parameters.interval_millis):
                return
            if not parameters.compressed:
                context.disable_next_message_compression()
            yield self._pb2.StreamingOutputCallResponse(payload=self._payload(parameters.size))
        call.end_with(request.response_status)
        call.answer()

    def full_duplex_call(self, requests, context):
        call = self._accept(context)
        for request in requests:
            for parameters in request.response_parameters:
                if call.wait(parameters.interval_millis):
                    return
                yield self._pb2.FullDuplexCallResponse(payload=self._payload(parameters.size))
            call.end_with(request.response_status)
        call.answer()

    def _accept(self, context):
        return Call(self._pb2, context, self._report)

    def _payload(self, size):
        return self._pb2.Payload(body=bytes(size))


def start(pb2, arguments, report):
    """Starts a server on a free port and returns it with the port."""
    # grpcio drops a connection that is pinged more often than every five minutes unless told otherwise.
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=32), options=[("grpc.http2.min_recv_ping_interval_without_data_ms", 1000)])
    server.add_generic_rpc_handlers((TestService(pb2, report).handlers(),))
    if arguments.security == "plaintext":
        port = server.add_insecure_port("127.0.0.1:0")
    else:
        mutual = arguments.security == "mutual-tls"
        port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials(
            [(arguments.private_key, arguments.certificate)],
            root_certificates=arguments.authority if mutual else None,
            require_client_auth=mutual))
    server.start()
    return server, port
