"""A gRPC peer on grpcio: `peer.py client ...` runs every case against a server, `peer.py server ...` answers them.

The server ends when its standard input does, so that it never outlives the test run.
"""

import argparse
import json
import sys
import threading

import cases
import messages
import service

_print_lock = threading.Lock()


def report(**line):
    """Writes one line for the test run."""
    with _print_lock:
        print(json.dumps(line), flush=True)


def read_file(path):
    with open(path, "rb") as file:
        return file.read()


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("direction", choices=["client", "server"])
    parser.add_argument("--protos", required=True)
    parser.add_argument("--security", required=True, choices=["plaintext", "tls", "mutual-tls"])
    parser.add_argument("--authority")
    parser.add_argument("--certificate")
    parser.add_argument("--private-key")
    parser.add_argument("--address", help="client: the server to call")
    parser.add_argument("--idle-seconds", type=float, help="client: how long the idle cases wait")
    arguments = parser.parse_args()
    for name in ("authority", "certificate", "private_key"):
        path = getattr(arguments, name)
        setattr(arguments, name, read_file(path) if path else None)
    return arguments


def main():
    arguments = read_arguments()
    pb2 = messages.compile_protos(arguments.protos)
    if arguments.direction == "client":
        cases.run(pb2, arguments, report)
        return

    server, port = service.start(pb2, arguments, report)
    report(port=port)
    sys.stdin.read()
    server.stop(grace=0).wait(5)


main()
