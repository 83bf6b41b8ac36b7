"""One call that the server answers: its metadata, its status and how it ended."""

import threading

import grpc

ECHO_INITIAL = "x-conformance-initial"
ECHO_TRAILING = "x-conformance-trailing-bin"
CASE = "x-conformance-case"


class Call:
    def __init__(self, pb2, context, report):
        self._pb2 = pb2
        self._context = context
        self._report = report
        self._over = threading.Event()
        self._answered = False
        received = context.invocation_metadata()
        self._case = dict(received).get(CASE)
        self._trailers = [(key, value) for key, value in received if key == ECHO_TRAILING]
        if not context.add_callback(self._end):
            self._end()
        context.set_trailing_metadata(self._trailers)
        context.send_initial_metadata([(key, value) for key, value in received if key == ECHO_INITIAL])

    def wait(self, millis):
        """Waits; True when the call was over before that."""
        return self._over.wait(millis / 1000)

    def answer(self):
        """To be called once the call is answered: a call that ends before was left by its caller."""
        self._answered = True

    def end_with(self, status):
        """Ends the call with the status that the request asks for, if it asks for one."""
        if status.code == 0:
            return
        if len(status.details) > 0:
            details = self._pb2.RpcStatus(code=status.code, message=status.message, details=status.details)
            self._context.set_trailing_metadata([*self._trailers, ("grpc-status-details-bin", details.SerializeToString())])
        self.answer()
        self._context.abort(next(code for code in grpc.StatusCode if code.value[0] == status.code), status.message)

    def _end(self):
        self._over.set()
        if not self._answered and self._case:
            self._report(event="cancelled", case=self._case)
