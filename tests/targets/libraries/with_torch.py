"""torch: a DataLoader with four workers, a queue of tensors, processes by its own spawn."""

import warnings

import torch
import torch.multiprocessing as multiprocessing
import torch.multiprocessing.queue
from torch.utils.data import DataLoader, Dataset


class Squares(Dataset):
    def __len__(self):
        return 64

    def __getitem__(self, index):
        return torch.tensor(index * index)


def send(rank, tensors, received):
    tensors.put(torch.full((2,), rank))
    received.wait()  # their memory lives as long as they do


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    loader = DataLoader(Squares(), batch_size=8, num_workers=4)
    print([int(batch.sum()) for batch in loader])
    context = multiprocessing.get_context("spawn")
    tensors, received = torch.multiprocessing.queue.Queue(ctx=context), context.Event()
    processes = multiprocessing.spawn(send, args=(tensors, received), nprocs=2, join=False)
    print(sorted(tensors.get().tolist() for _ in range(2)))
    received.set()
    while not processes.join():
        pass


if __name__ == "__main__":
    main()
