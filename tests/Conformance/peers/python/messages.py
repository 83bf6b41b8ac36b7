"""Compiles test.proto into a folder that lives as long as the process and offers its messages and method names."""

import atexit
import importlib
import shutil
import subprocess
import sys
import tempfile

FILE = "hostagent/conformance/v1/test.proto"
SERVICE = "hostagent.conformance.v1.TestService"
UNIMPLEMENTED_SERVICE = "hostagent.conformance.v1.UnimplementedService"

# The largest message that gRPC implementations accept unless told otherwise.
MAX_MESSAGE_BYTES = 4 * 1024 * 1024


def compile_protos(folder):
    """Returns the module of test.proto's messages."""
    target = tempfile.mkdtemp(prefix="conformance-python-")
    atexit.register(shutil.rmtree, target, ignore_errors=True)
    subprocess.run(["protoc", f"-I{folder}", f"--python_out={target}", FILE], check=True, timeout=30)
    sys.path.insert(0, target)
    return importlib.import_module("hostagent.conformance.v1.test_pb2")
