#!/usr/bin/env python3
"""What `assay cluster` would cost, from measured rates: prints the table of docs/cluster.md.

    bench/cluster/cost.py [--workers 64] [--price 0.04] [--efficiency 0.95] …

Every rate is of one core; --help lists them with where they come from (the entry is
docs/log/2026-11-30-assay-on-a-cluster.md unless another is named). Time is what the driver does alone, while workers
wait, and pieces / (workers × efficiency). Money is (workers + driver) × hours × price of a core hour.
"""

import argparse

BATCH = 384  # candidates of a piece


def hours(seconds):
    return f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds / 60:.0f} min"


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--workers", type=int, default=64, help="executors of one core")
    add("--price", type=float, default=0.04, help="of one core hour with 4 GB, in dollars (an assumption: yours differs)")
    add("--efficiency", type=float, default=0.95, help="share of their time that workers have a piece (an assumption)")
    add("--start", type=float, default=90, help="seconds until every executor has jar, model and dictionary (an assumption)")
    add("--piece", type=float, default=0.02, help="seconds of the driver for a piece: placing, unpacking (a guess)")
    add("--candidates", type=float, default=1e9)
    add("--look", type=float, default=188, help="candidates looked at a second (docs/log/2026-11-26-memory-flat-…)")
    add("--supply", type=float, default=5000,
        help="lines a second the driver reads, tokenizes, tells apart and packs; at least: 100,000 took less than 20 CPU seconds")
    add("--sent", type=float, default=185, help="bytes of one candidate as it goes out")
    add("--keep", type=int, default=10000, help="of them, run exactly and added")
    add("--sketch", type=float, default=2.5, help="seconds of one prompt run exactly on the search split (a guess)")
    add("--adapters", type=float, default=1e4)
    add("--explain", type=float, default=120, help="seconds of one adapter, looked at and explained (a guess)")
    add("--row", type=float, default=5e3, help="bytes of a row with its sketch, as it comes back")
    add("--page", type=float, default=120, help="seconds of the driver for tables and page of 10,000 adapters (a guess)")
    return parser.parse_args()


def main():
    given = options()
    busy = given.workers * given.efficiency
    pieces = given.candidates / BATCH
    driver = given.candidates / given.supply + pieces * given.piece
    looked = given.start + driver + (given.candidates / given.look + given.keep * given.sketch) / busy
    # Neighbours are every pair; the rest of the page grows with the rows.
    driver_page = given.page * (given.adapters / 1e4) ** 2
    counted = given.start + 2 * given.adapters * given.piece + driver_page + given.adapters * given.explain / busy
    print(f"| on {given.workers} workers of one core | time | of it the driver alone | money, at ${given.price} a core hour "
          "| driver's network |")
    print("|---|---|---|---|---|")
    jars = given.workers * 144e6
    for what, seconds, alone, sent in (
            (f"extend by the best {given.keep:,} of {given.candidates:.0e} candidates", looked, driver,
             given.candidates * given.sent),
            (f"census of {given.adapters:.0e} adapters", counted, 2 * given.adapters * given.piece + driver_page,
             given.adapters * given.row)):
        money = (given.workers + 1) * seconds / 3600 * given.price
        total = (sent + jars) / 1e9
        print(f"| {what} | {hours(seconds)} | {hours(alone)} | ${money:,.0f} | {total:,.0f} GB, {sent / seconds / 1e6:.2f} MB/s |")


if __name__ == "__main__":
    main()
