#!/usr/bin/env python3
"""Writes the small cases in this folder with PyTorch, in float64.

    /usr/bin/python3 make.py          (Debian: apt-get install python3-torch)

A case holds its shape, the parameters by PyTorch's names, the input, the
initial states and the targets, and what follows from them: h, logits, losses
and every gradient of the summed loss. Sequences are padded to the longest,
with zeros and with target -1.
"""
import json
import pathlib

import torch
from torch import nn
from torch.nn.utils import rnn as packing

torch.set_default_dtype(torch.float64)
CASES = [  # name, cell, I, H, K, layers, lengths, bidirectional
    ("tanh-deep", "tanh", 2, 3, 3, 3, [4, 3, 1], False),
    ("relu-varlen", "relu", 3, 4, 2, 1, [5, 2], False),
    ("one", "tanh", 1, 1, 2, 1, [1], False),
    ("lstm-bi", "lstm", 2, 3, 2, 2, [4, 2], True),
    ("gru-bi", "gru", 2, 3, 2, 2, [4, 2], True),
]


def tensor(v):
    return {"shape": list(v.shape), "data": v.detach().flatten().tolist()}


def write(name, cell, I, H, K, layers, lengths, both):
    torch.manual_seed(sum(map(ord, name)))
    T, B = lengths[0], len(lengths)
    D = 2 if both else 1
    if cell in ("lstm", "gru"):
        net = getattr(nn, cell.upper())(I, H, num_layers=layers, bidirectional=both)
    else:
        net = nn.RNN(I, H, num_layers=layers, nonlinearity=cell, bidirectional=both)
    out = nn.Linear(D * H, K)
    alive = torch.arange(T)[:, None] < torch.tensor(lengths)[None, :]
    x = (torch.randn(T, B, I) * alive[..., None]).requires_grad_()
    h0 = torch.randn(layers * D, B, H).mul_(0.5).requires_grad_()
    targets = torch.randint(K, (T, B)).masked_fill(~alive, -1)

    start = h0
    if cell == "lstm":
        c0 = torch.randn(layers * D, B, H).mul_(0.5).requires_grad_()
        start = (h0, c0)
    packed, _ = net(packing.pack_padded_sequence(x, torch.tensor(lengths)), start)
    h, _ = packing.pad_packed_sequence(packed)
    logits = out(h)
    steps = -logits.log_softmax(-1).gather(-1, targets.clamp(min=0)[..., None])[..., 0] * alive
    steps.sum().backward()

    params = {f"rnn.{n}": p for n, p in net.named_parameters()}
    params |= {f"out.{n}": p for n, p in out.named_parameters()}
    case = {
        "case": dict(name=name, cell=cell, I=I, H=H, K=K, layers=layers, bidirectional=both, lengths=lengths, T=T, B=B),
        "params": {n: tensor(p) for n, p in params.items()},
        "x": tensor(x), "h0": tensor(h0), "targets": targets.tolist(),
        "h": tensor(h), "logits": tensor(logits * alive[..., None]),
        "loss": steps.sum().item(), "step_loss": tensor(steps),
        "grads": {n: tensor(p.grad) for n, p in params.items()} | {"x": tensor(x.grad), "h0": tensor(h0.grad)},
    }
    if cell == "lstm":
        case["c0"], case["grads"]["c0"] = tensor(c0), tensor(c0.grad)
    path = pathlib.Path(__file__).with_name(name + ".json")
    path.write_text(json.dumps(case) + "\n")


for c in CASES:
    write(*c)
