#!/usr/bin/env python3
"""Trains for one epoch, in PyTorch, the tagger that `unroll train` trains by the
command in README.md beside this file, and prints the tokens a second.

    tagger.py FILE.conllu [--threads N] [--bucket]

The same in both: the words and UPOS labels of FILE; words seen once are unknown;
vectors of 100, an LSTM of 128 each way over packed sequences, a linear layer, the
softmax's cross entropy, its mean over the batch's words; batches of 32 sentences,
drawn anew; Adam at a constant 2e-3, gradients clipped to a norm of 1; float32;
as many threads. Making the batches counts, reading the file does not.

Not the same: the random numbers, and the LSTM's start; PyTorch's LSTM has two
biases for one. unroll's batches hold sentences of about the same length (of 16
batches drawn together); here they are as they come, unless --bucket does the same.
"""
import argparse
import collections
import time

import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence
from torch.utils.data import DataLoader

BATCH, POOL = 32, 16
UNKNOWN = 0


def read(path):
    """Returns the sentences of a CoNLL-U file, lists of (word, label)."""
    sentences, words = [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            columns = line.rstrip("\n").split("\t")
            if len(columns) == 10 and columns[0].isdigit():
                words.append((columns[1], columns[3]))
            elif not line.strip() and words:
                sentences.append(words)
                words = []
    return sentences + [words] if words else sentences


def encode(sentences):
    """Returns pairs of tensors, ids of words and of labels, and how many there are of each."""
    counts = collections.Counter(w for s in sentences for w, _ in s)
    words = {w: i + 1 for i, (w, n) in enumerate(counts.most_common()) if n > 1}
    labels = {l: i for i, l in enumerate(sorted({l for s in sentences for _, l in s}))}
    examples = [(torch.tensor([words.get(w, UNKNOWN) for w, _ in s]),
                 torch.tensor([labels[l] for _, l in s])) for s in sentences]
    return examples, len(words) + 1, len(labels)


def buckets(examples):
    """Returns batches of indices: sorted by length in pools, as unroll has them."""
    shuffled, batches = torch.randperm(len(examples)).tolist(), []
    for i in range(0, len(shuffled), BATCH * POOL):
        pool = sorted(shuffled[i:i + BATCH * POOL], key=lambda e: -len(examples[e][0]))
        batches += [pool[j:j + BATCH] for j in range(0, len(pool), BATCH)]
    return [batches[i] for i in torch.randperm(len(batches)).tolist()]


def pack(batch):
    words, labels = zip(*batch)
    return pack_sequence(words, enforce_sorted=False), pack_sequence(labels, enforce_sorted=False)


class Tagger(nn.Module):
    def __init__(self, words, labels):
        super().__init__()
        self.embed = nn.Embedding(words, 100)
        nn.init.normal_(self.embed.weight, std=0.1)
        self.lstm = nn.LSTM(100, 128, bidirectional=True)
        self.out = nn.Linear(256, labels)

    def forward(self, words):
        states, _ = self.lstm(words._replace(data=self.embed(words.data)))
        return self.out(states.data)


def main():
    parser = argparse.ArgumentParser(description="Tokens a second of a tagger's training in PyTorch.")
    parser.add_argument("file")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bucket", action="store_true", help="batches of sentences of about the same length")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)

    examples, words, labels = encode(read(args.file))
    model = Tagger(words, labels)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    cross_entropy = nn.CrossEntropyLoss()
    how = {"batch_sampler": buckets(examples)} if args.bucket else {"batch_size": BATCH, "shuffle": True}
    total, tokens, begun = 0.0, 0, time.perf_counter()
    for batch, gold in DataLoader(examples, collate_fn=pack, **how):
        optimizer.zero_grad()
        loss = cross_entropy(model(batch), gold.data)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total, tokens = total + loss.item() * len(gold.data), tokens + len(gold.data)
    seconds = time.perf_counter() - begun
    print(f"{tokens / seconds:.0f} tokens/s  {tokens} tokens in {seconds:.2f} s  loss {total / tokens:.4f}  "
          f"{words} words, {labels} labels, {args.threads} thread(s), PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
