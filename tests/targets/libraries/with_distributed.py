"""distributed: a cluster of two processes on this machine."""

from distributed import Client, LocalCluster


def square(number):
    return number * number


def main():
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        print(sum(client.gather(client.map(square, range(20)))))


if __name__ == "__main__":
    main()
