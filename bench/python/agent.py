"""The bench agent for everything that runs in Python: one JSON request per line on stdin, one answer per line on stdout.

Requests: hello, prepare {case}, run {program, calls, seconds, warm}, release. Peers that are not installed are reported as missing.
With the argument `default-malloc` only what depends on the allocator is offered, under names that say so.
"""

import importlib
import json
import os
import sys
import time
import traceback

PEERS = ("numpy", "torch", "jax", "onnxruntime", "cpp")


def load_peers():
    """{name: module or None}, each limited to one thread."""
    modules = {}
    for name in PEERS:
        try:
            modules[name] = importlib.import_module("cpp_programs" if name == "cpp" else name)
        except ImportError:
            modules[name] = None
    if modules["torch"]:
        modules["torch"].set_num_threads(1)
    return modules


class Agent:
    def __init__(self, default_malloc):
        self.modules = load_peers()
        self.default_malloc = default_malloc
        self.programs = {}

    def hello(self, _):
        versions = {"python": sys.version.split()[0]}
        if self.modules["cpp"]:
            self.modules["cpp"].library()
        for name, module in self.modules.items():
            versions[name] = module.__version__ if module else "not found"
        return {"versions": versions}

    def prepare(self, request):
        case = request["case"]
        self.programs = {}
        missing = []
        for peer, module in self.modules.items():
            if self.default_malloc and peer != "torch":
                continue
            if module is None:
                missing.append({"name": peer, "why": "not found"})
                continue
            programs = importlib.import_module(peer + "_programs").programs(case)
            missing += programs.pop("missing", [])
            self.programs.update(programs)
        if self.default_malloc:
            self.programs = {k + ", default malloc": v for k, v in self.programs.items() if k == "torch"}
        role = "default malloc" if self.default_malloc else "peer"
        listed = [
            {"name": k, "role": v[2] if len(v) > 2 else role, "elements": case["elements"]} for k, v in self.programs.items()
        ]
        return {"programs": listed, "missing": missing}

    def run(self, request):
        """At least `calls` calls and `seconds` seconds; the fastest call in ns per element: other load only ever adds."""
        elements, program = self.programs[request["program"]][:2]
        for _ in range(request["warm"]):
            program()
        times = []
        begin = time.perf_counter_ns()
        while len(times) < request["calls"] or time.perf_counter_ns() - begin < request["seconds"] * 1e9:
            start = time.perf_counter_ns()
            value = program()
            times.append(time.perf_counter_ns() - start)
        return {"ns": min(times) / elements, "calls": len(times), "value": float(value)}

    def release(self, _):
        self.programs = {}
        return {}


def main():
    # Libraries that print would break the protocol.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    agent = Agent("default-malloc" in sys.argv)
    operations = {"hello": agent.hello, "prepare": agent.prepare, "run": agent.run, "release": agent.release}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            reply = operations[request["op"]](request)
        except Exception:
            reply = {"error": traceback.format_exc()}
        answers.write(json.dumps(reply) + "\n")


main()
