"""C++ -O3: the plain sums, compiled here, called through ctypes. What this machine can do at all, with the widest SIMD it has."""

import ctypes
import pathlib
import shutil
import subprocess
import tempfile

from data import load

SOURCE = pathlib.Path(__file__).resolve().parent.parent / "cpp" / "plain_sums.cpp"
FLAGS = ["-O3", "-march=native", "-ffast-math", "-shared", "-fPIC"]
__version__ = "not found"

_library = None


def library():
    """The compiled sums, or None without a compiler."""
    global _library, __version__
    if _library is None:
        compiler = shutil.which("g++") or shutil.which("clang++")
        if compiler is None:
            return None
        __version__ = subprocess.check_output([compiler, "-dumpfullversion"], text=True).strip()
        folder = tempfile.mkdtemp(prefix="lossmill-bench-")
        try:
            target = pathlib.Path(folder) / "plain_sums.so"
            subprocess.check_call([compiler, *FLAGS, str(SOURCE), "-o", str(target)])
            _library = ctypes.CDLL(str(target))
        finally:
            shutil.rmtree(folder)
    return _library


def programs(case):
    name = {"mse": "mse_f32", "mae": "mae_f32"}.get(case["loss"])
    if case["kind"] != "kernel" or case["pass"] != "value" or case["type"] != "f32" or name is None:
        return {}
    found = library()
    if found is None:
        return {"missing": [{"name": "C++ -O3", "why": "no compiler found"}]}
    p, y, _ = load(case)
    run = getattr(found, name)
    run.restype = ctypes.c_double
    run.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_long]
    n = case["elements"]

    def mean():
        return run(p.ctypes.data, y.ctypes.data, n) / n

    return {"C++ -O3 plain f64 sum": (n, mean, "cpp")}
