"""onnxruntime: the loss as a graph of ONNX operators, one thread; forward only, float32."""

import numpy as np
import onnxruntime
from data import load


def programs(case):
    graph = GRAPHS.get(case["loss"])
    if case["kind"] != "kernel" or case["pass"] != "value" or case["type"] != "f32" or graph is None:
        return {}
    if case["input"] == "probabilities":
        return {}
    try:
        import onnx
    except ImportError:
        return {"missing": [{"name": "onnxruntime", "why": "onnx, which writes its graphs, is not found"}]}
    p, y, _ = load(case)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model(onnx, graph, p, y), options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    binding.bind_cpu_input("p", p)
    binding.bind_cpu_input("y", y)

    def run():
        binding.bind_output("mean")
        session.run_with_iobinding(binding)
        return float(binding.copy_outputs_to_cpu()[0])

    return {"onnxruntime": (case["elements"], run)}


# (operator, inputs, output, attributes); "1" and the like are constants.
GRAPHS = {
    "mse": [("Sub", ["p", "y"], "e", {}), ("Mul", ["e", "e"], "loss", {}), ("ReduceMean", ["loss"], "mean", {"keepdims": 0})],
    "mae": [("Sub", ["p", "y"], "e", {}), ("Abs", ["e"], "loss", {}), ("ReduceMean", ["loss"], "mean", {"keepdims": 0})],
    "bce": [
        ("Abs", ["p"], "a", {}),
        ("Neg", ["a"], "n", {}),
        ("Exp", ["n"], "e", {}),
        ("Add", ["e", "one"], "s", {}),
        ("Log", ["s"], "l", {}),
        ("Relu", ["p"], "r", {}),
        ("Mul", ["p", "y"], "py", {}),
        ("Sub", ["r", "py"], "d", {}),
        ("Add", ["d", "l"], "loss", {}),
        ("ReduceMean", ["loss"], "mean", {"keepdims": 0}),
    ],
    "cross_entropy": [("SoftmaxCrossEntropyLoss", ["p", "y"], "mean", {"reduction": "mean"})],
}


def model(onnx, graph, p, y):
    from onnx import TensorProto, helper

    target = TensorProto.INT32 if y.dtype == np.int32 else TensorProto.FLOAT
    body = helper.make_graph(
        [helper.make_node(op, inputs, [output], **attributes) for op, inputs, output, attributes in graph],
        "loss",
        [
            helper.make_tensor_value_info("p", TensorProto.FLOAT, p.shape),
            helper.make_tensor_value_info("y", target, y.shape),
        ],
        [helper.make_tensor_value_info("mean", TensorProto.FLOAT, [])],
        [helper.make_tensor("one", TensorProto.FLOAT, [], [1.0])],
    )
    made = helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 9
    return made.SerializeToString()
