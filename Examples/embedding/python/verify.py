"""Judges a request from Python: verify.py LIBRARY CONFIGURATION REQUEST. Prints the answer."""

import ctypes
import json
import sys


class AssayError(Exception):
    pass


class Verifier:
    """assay.h by ctypes. ctypes lets go of the interpreter lock during a call: threads run."""

    def __init__(self, library: str, configuration: bytes):
        self._library = ctypes.CDLL(library)
        # Texts that must be given back are kept as addresses: c_char_p would copy and lose them.
        self._library.assay_version.restype = ctypes.c_char_p
        self._library.assay_verifier_new.argtypes = [
            ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_void_p),
            ctypes.POINTER(ctypes.c_void_p),
        ]
        self._library.assay_verify.argtypes = [
            ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t,
            ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(ctypes.c_size_t),
        ]
        self._library.assay_free.argtypes = [ctypes.c_void_p]
        self._library.assay_verifier_free.argtypes = [ctypes.c_void_p]
        self._verifier = ctypes.c_void_p()
        error = ctypes.c_void_p()
        status = self._library.assay_verifier_new(
            configuration, len(configuration), ctypes.byref(self._verifier), ctypes.byref(error)
        )
        if status != 0:
            raise AssayError(self._take(error))

    @property
    def version(self) -> str:
        return self._library.assay_version().decode()

    def verify(self, request: bytes) -> bytes:
        answer, size = ctypes.c_void_p(), ctypes.c_size_t()
        status = self._library.assay_verify(
            self._verifier, request, len(request), ctypes.byref(answer), ctypes.byref(size)
        )
        text = self._take(answer, size.value)
        if status != 0:
            raise AssayError(text)
        return text

    def _take(self, text: ctypes.c_void_p, size: int = -1) -> bytes:
        try:
            return ctypes.string_at(text, size)
        finally:
            self._library.assay_free(text)

    def close(self) -> None:
        self._library.assay_verifier_free(self._verifier)
        self._verifier = None


def main() -> None:
    library, configuration, request = sys.argv[1:4]
    with open(configuration, "rb") as file:
        verifier = Verifier(library, file.read())
    with open(request, "rb") as file:
        answer = verifier.verify(file.read())
    try:
        verifier.verify(b"{}")
        sys.exit("a malformed request was answered")
    except AssayError:
        pass
    print(answer.decode())
    for result in json.loads(answer)["results"]:
        print(result["item_id"], result["status"], result["outcome"], file=sys.stderr)
    print(f"judged by assay {verifier.version} from Python", file=sys.stderr)
    verifier.close()


main()
